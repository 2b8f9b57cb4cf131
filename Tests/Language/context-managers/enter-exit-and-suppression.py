class M:
    def __init__(self, name, suppress=False): self.name, self.suppress = name, suppress
    def __enter__(self): print("enter", self.name); return self.name.upper()
    def __exit__(self, kind, value, tb): print("exit", self.name, kind.__name__ if kind else None, value, tb is not None); return self.suppress
with M("a") as x: print("body", x)
with M("b"): print("no as")
with M("c") as c, M("d") as d: print(c, d)
with (M("e") as e, M("f"), M("g") as g,): print(e, g)
with (M("h")): print("parenthesised")
with M("s", True): raise ValueError("suppressed")
print("continues")
try:
    with M("o"), M("i"): raise KeyError("k")
except KeyError as error: print("caught", error)
with M("outer", True):
    with M("inner"): 1 / 0
def f():
    with M("ret"): return "returned"
print(f())
for i in range(3):
    with M(f"loop{i}"):
        if i == 0: continue
        break
with M("t") as (a): print(a)
class Pair:
    def __enter__(self): return 1, [2, 3]
    def __exit__(self, *a): pass
with Pair() as (p, (q, r)): print(p, q, r)
class O: pass
o = O(); l = [0]
with M("attr") as o.x, M("item") as l[0]: print(o.x, l)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
class NoExit:
    def __enter__(self): pass
class Bad:
    def __enter__(self): raise ValueError("enter failed")
    def __exit__(self, *a): print("exit must not run")
class BadExit:
    def __enter__(self): pass
    def __exit__(self, *a): raise RuntimeError("exit failed")
def w(cm):
    def run():
        with cm: print("body runs"); 1 / 0
    return run
attempt("not a manager:", w(5)); attempt("no exit:", w(NoExit())); attempt("enter fails:", w(Bad())); attempt("exit fails:", w(BadExit()))
def second_fails():
    with M("first"), Bad(): print("never")
attempt("second enter fails:", second_fails)
try:
    with BadExit(): raise KeyError("orig")
except RuntimeError as error: print(repr(error), repr(error.__context__))
def g():
    with M("gen"): yield 1; yield 2
it = g(); next(it); it.close()
class Re:
    def __exit__(self, k, v, t): raise v
    def __enter__(self): return self
try:
    with Re(): raise ValueError("same")
except ValueError as error: print(error, error.__context__)
