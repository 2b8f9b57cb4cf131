try: 1 / 0
except ZeroDivisionError as e: saved = e
try: e
except NameError as error: print("NameError:", error)
print(repr(saved))
def f():
    e = "before"
    try: raise ValueError("v")
    except ValueError as e: pass
    try: return e
    except UnboundLocalError as error: return str(error)
print(f())
def rebinding():
    try: 1 / 0
    except ZeroDivisionError as e:
        e = "rebound"
        print(e)
    return "e" in locals()
print(rebinding())
def deleted():
    try: 1 / 0
    except ZeroDivisionError as e: del e
    return "fine"
print(deleted())
x = "kept"
try: pass
except ValueError as x: pass
print(x)
def in_loop():
    out = []
    for v in ("1", "x", "2"):
        try: out.append(int(v))
        except ValueError as e: out.append(str(e))
    return out
print(in_loop())
def returns_exception():
    try: [][0]
    except IndexError as e: return e
print(repr(returns_exception()))
