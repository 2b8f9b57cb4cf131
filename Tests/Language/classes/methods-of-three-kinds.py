class C:
    n = 5
    def __init__(self, v=0): self.v = v
    def inst(self, x): return (type(self).__name__, self.v, x)
    @classmethod
    def cls(cls, x): return (cls.__name__, x)
    @staticmethod
    def st(x): return ("static", x)
    @classmethod
    def make(cls): return cls(cls.n)
class D(C): n = 7
print(C(1).inst(2), C.cls(3), C(1).cls(4), D.cls(5), C.st(6), C().st(7), D.make().v, type(D().make()).__name__)
f = C(9).inst; print(f("bound"), C.inst(C(8), "explicit"))
g = D.cls; print(g(1))
class E:
    def m(self): return "m"
    sm = staticmethod(lambda x: x + 1)
    cm = classmethod(lambda cls, x: (cls.__name__, x))
    lam = lambda self: "lam"
    builtin = len
    partial = print
print(E.sm(1), E().sm(2), E.cm(3), E().lam(), E().builtin([1, 2]))
print(type(E.__dict__["sm"]).__name__, type(E.__dict__["cm"]).__name__, type(E.m).__name__, type(E().m).__name__)
print(E.__dict__["sm"](5), E.__dict__["cm"].__func__(E, 1))
e1, e2 = E(), E(); print(e1.m == e1.m, e1.m == e2.m, e1.m is e1.m)
methods = [e1.m, C(3).inst]; print(methods[0](), methods[1](0))
class Dyn: pass
import types
d = Dyn(); d.m = types.MethodType(lambda self, x: (self is d, x), d); print(d.m(1))
for name in ("inst", "cls", "st"): print(name, getattr(C(2), name)("via getattr"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("unbound without self:", lambda: C.inst())
attempt("too many for static:", lambda: C.st(1, 2))
attempt("missing for class:", lambda: C.cls())
