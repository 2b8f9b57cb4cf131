class A:
    def __add__(self, o): print("A.add"); return NotImplemented
    def __radd__(self, o): print("A.radd"); return "A.radd result"
class B:
    def __radd__(self, o): print("B.radd"); return "B.radd result"
class N:
    def __add__(self, o): print("N.add"); return NotImplemented
    def __radd__(self, o): print("N.radd"); return NotImplemented
print(A() + B())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("same type does not reflect:", lambda: A() + A())
attempt("both refuse:", lambda: N() + B.__class__)
attempt("both refuse:", lambda: N() + N())
attempt("int and N:", lambda: 1 + N())
class Base:
    def __add__(self, o): return "Base.add"
    def __radd__(self, o): return "Base.radd"
class Derived(Base):
    def __radd__(self, o): return "Derived.radd first"
class Same(Base): pass
print(Base() + Derived(), Base() + Same(), Derived() + Base())
class I:
    def __iadd__(self, o): return NotImplemented
    def __add__(self, o): return "add after iadd"
i = I(); i += 1; print(i)
class NoOps: pass
attempt("plain:", lambda: NoOps() + 1)
attempt("plain reflected:", lambda: 1 - NoOps())
attempt("unary:", lambda: -NoOps())
attempt("matmul:", lambda: NoOps() @ NoOps())
attempt("less:", lambda: NoOps() < NoOps())
attempt("power:", lambda: NoOps() ** 2)
def inplace():
    x = NoOps(); x *= 2
attempt("in place:", inplace)
class Raise:
    def __add__(self, o): raise KeyError("from add")
attempt("raises:", lambda: Raise() + 1)
class Ret:
    def __radd__(self, o): return None
print(1 + Ret())
class SubInt(int):
    def __radd__(self, o): return "subclass first"
print(1 + SubInt(2), SubInt(2) + 1)
class Vec:
    def __init__(self, *c): self.c = c
    def __mul__(self, o): return Vec(*(x * o for x in self.c)) if isinstance(o, (int, float)) else sum(a * b for a, b in zip(self.c, o.c))
    __rmul__ = __mul__
    def __neg__(self): return Vec(*(-x for x in self.c))
    def __getitem__(self, i): return self.c[i]
    def __eq__(self, o): return self.c == o.c
    def __abs__(self): return sum(x * x for x in self.c) ** 0.5
    def __bool__(self): return any(self.c)
v = Vec(3, 4); print((v * 2).c, (2 * v).c, v * v, (-v).c, v[0], v == Vec(3, 4), abs(v), bool(Vec(0)), list(v))
