def echo():
    received = []
    while True:
        try:
            x = yield len(received)
            received.append(x)
            if x == "stop": return received
        except ValueError as error:
            received.append(f"caught {error}")
e = echo(); print(next(e), e.send("a"), e.send(None), e.throw(ValueError("v")))
try: e.send("stop")
except StopIteration as error: print(error.value)
def attempt(label, function):
    try:
        print(label, function())
    except BaseException as error:
        print(label, type(error).__name__ + ":", error)
attempt("send first:", lambda: echo().send(1))
def cleanup():
    try:
        yield 1
        yield 2
    finally:
        print("finally")
c = cleanup(); next(c); print("close:", c.close(), c.close()); attempt("after close:", lambda: next(c))
c = cleanup(); print("close unstarted:", c.close())
c = cleanup(); next(c); attempt("throw uncaught:", lambda: c.throw(KeyError("k")))
c = cleanup(); attempt("throw unstarted:", lambda: c.throw(KeyError("k")))
c = cleanup(); next(c); attempt("throw class:", lambda: c.throw(RuntimeError)); attempt("throw after end:", lambda: c.throw(ValueError("late")))
c = cleanup(); next(c); attempt("throw class and value:", lambda: c.throw(ValueError, "text"))
attempt("throw non-exception:", lambda: cleanup().throw(5))
def ignores():
    try: yield 1
    except GeneratorExit: yield 2
i = ignores(); next(i); attempt("ignored exit:", i.close)
def swallow():
    try: yield 1
    except GeneratorExit: print("exit seen"); return
s = swallow(); next(s); print(s.close())
def raises_on_close():
    try: yield 1
    finally: raise OSError("in close")
r = raises_on_close(); next(r); attempt("close raises:", r.close)
def stop(): 
    yield 1
    raise StopIteration("manual")
attempt("StopIteration inside:", lambda: list(stop()))
def reenter():
    yield next(me)
me = reenter(); attempt("already executing:", lambda: next(me))
def average():
    total, n, avg = 0, 0, None
    while True:
        total += yield avg
        n += 1
        avg = total / n
a = average(); next(a); print([a.send(v) for v in (10, 20, 60)])
def yield_in_expression():
    x = (yield 1) + (yield 2)
    return x, [(yield 3)]
y = yield_in_expression(); print(next(y), y.send(10), y.send(20), end=" ")
try: y.send("last")
except StopIteration as error: print(error.value)
def loop():
    for i in range(3):
        try: yield i
        except ValueError: yield "recovered"
l = loop(); print(next(l), l.throw(ValueError), next(l), next(l))
def with_except_state():
    try: 1 / 0
    except ZeroDivisionError:
        yield 1
        try: raise
        except ZeroDivisionError as error: yield str(error)
print(list(with_except_state()))
