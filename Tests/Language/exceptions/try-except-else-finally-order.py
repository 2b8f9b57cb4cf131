def run(label, body):
    log = []
    try:
        try:
            log.append("try"); body()
        except ValueError as e: log.append(f"value {e}")
        except (KeyError, IndexError) as e: log.append(f"lookup {type(e).__name__} {e}")
        else: log.append("else")
        finally: log.append("finally")
    except Exception as e: log.append(f"escaped {type(e).__name__}: {e}")
    print(label, log)
def fail(e): raise e
run("none:", lambda: None)
run("value:", lambda: int("x"))
run("key:", lambda: {}["k"])
run("index:", lambda: [][0])
run("other:", lambda: 1 / 0)
run("subclass:", lambda: fail(UnicodeError("u")))
def returns():
    try: return "try"
    finally: print("finally runs", end=" ")
print(returns())
def overrides():
    try: return "try"
    finally: return "finally wins"
print(overrides())
def swallow():
    try: 1 / 0
    finally: return "swallowed"
print(swallow())
def loop():
    out = []
    for i in range(4):
        try:
            if i == 1: continue
            if i == 3: break
            out.append(i)
        finally: out.append(f"f{i}")
    else: out.append("else")
    return out
print(loop())
def finally_continue():
    n = 0
    for i in range(3):
        try: 1 / 0
        finally: n += 1; continue
    return n
print(finally_continue())
def value_captured():
    x = 1
    try: return x
    finally: x = 2
print(value_captured())
def nested():
    log = []
    try:
        try:
            try: raise KeyError("a")
            finally: log.append(1)
        except ValueError: log.append("no")
        finally: log.append(2)
    except KeyError as e: log.append(str(e))
    return log
print(nested())
def else_raises():
    try: pass
    except ValueError: return "handler"
    else: raise ValueError("from else")
try: else_raises()
except ValueError as e: print(e)
def except_raises():
    try:
        try: 1 / 0
        except ZeroDivisionError: raise KeyError("new")
        finally: print("inner finally")
    except KeyError as e: return repr(e), repr(e.__context__)
print(except_raises())
try: pass
finally: print("bare finally")
try: raise SystemExit(3)
except BaseException as e: print(type(e).__name__, e.code)
try: raise KeyboardInterrupt
except Exception: print("no")
except BaseException as e: print("base", repr(e))
def gen():
    try: yield 1
    finally: print("generator finally")
for v in gen(): break
print("after break")
while True:
    try: break
    finally: print("break finally")
