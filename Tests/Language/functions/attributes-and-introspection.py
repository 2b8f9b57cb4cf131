def f(a, b: int = 2, *, c=3) -> str:
    "doc"
    x = 1
    return x
print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__kwdefaults__)
f.tag = "v"; f.count = 0; f.count += 1
print(f.tag, f.count, f.__dict__, hasattr(f, "missing"))
f.__name__ = "renamed"; print(f.__name__)
def outer():
    def inner(): pass
    return inner
class C:
    def m(self): pass
    @staticmethod
    def s(): pass
    class D:
        def n(self): pass
print(outer().__qualname__, C.m.__qualname__, C.D.n.__qualname__, C.s.__qualname__, (lambda: 0).__qualname__, C.D.__qualname__)
print(C().m.__name__, C().m.__self__.__class__.__name__, C().m.__func__ is C.m, C.m is C.m)
print(callable(f), callable(1), callable(C), callable(C()), callable(len), callable(lambda: 0))
print(type(f).__name__, type(lambda: 0).__name__, type(C().m).__name__, type(len).__name__, type([].append).__name__)
print(repr(len), repr(print), repr(int), repr(C)[-9:], len.__name__, int.__name__, [].append.__name__)
try:
    f.nothing
except AttributeError as error:
    print("AttributeError:", error)
try:
    len.x = 1
except AttributeError as error:
    print("AttributeError:", error)
def g(): return g
print(g() is g, g == g, g != f, len({f, g, f}))
print("bound methods equal:", C.m == C.m, (lambda c: c.m == c.m)(C()), hash((lambda c: c.m)(C())) is not None)
