class A:
    c = 1
    def __init__(self): self.i = 2
    def m(self): pass
a = A()
print([n for n in dir(a) if not n.startswith("_")], "m" in dir(A), [n for n in dir([]) if not n.startswith("_")], "upper" in dir(""))
print(vars(a), sorted(k for k in vars(A) if k[0] != "_"), getattr(a, "i"), hasattr(a, "m"))
print(callable(a.m), hash("a") == hash("a"), hash(1), hash(True), hash(None) == hash(None), hash(2.0))
print(id(a) == id(a), id(a) != id(A()), len(str(id(a))) > 3)
def f():
    x = 1
    return locals(), dir()
print(f(), "f" in globals(), type(globals()).__name__)
import math
print("pi" in dir(math), math.__name__, "sqrt" in vars(math))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("vars of int:", lambda: vars(5))
attempt("hash of list:", lambda: hash([]))
attempt("hash of dict:", lambda: hash({}))
attempt("hash of slice:", lambda: hash(slice(1)))
attempt("hash of tuple with set:", lambda: hash((1, set())))
attempt("getattr arity:", lambda: getattr(a))
attempt("delattr:", lambda: delattr(a, "zz"))
import builtins
print(builtins.len is len, hasattr(builtins, "print"), __builtins__ is not None)
builtins.added = "everywhere"; print(added); del builtins.added
