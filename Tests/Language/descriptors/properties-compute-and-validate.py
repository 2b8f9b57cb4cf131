class C:
    def __init__(self): self._x = 1
    @property
    def x(self):
        "the x"
        return self._x
    @x.setter
    def x(self, v):
        if v < 0: raise ValueError("negative")
        self._x = v
    @x.deleter
    def x(self): print("deleted"); self._x = None
    @property
    def ro(self): return "read-only"
    def _get(self): return "old style"
    old = property(_get, doc="old doc")
c = C(); c.x = 5; c.x += 1; print(c.x, c.ro, c.old, C.x.__doc__, C.old.__doc__, type(C.x).__name__)
del c.x; print(c.x)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("validate:", lambda: setattr(c, "x", -1))
attempt("read-only set:", lambda: setattr(c, "ro", 1))
attempt("read-only del:", lambda: delattr(c, "ro"))
attempt("write-only:", lambda: type("W", (), {"w": property(None, lambda s, v: None)})().w)
c.__dict__["ro"] = "instance"; print(c.ro)
class D(C):
    @C.x.getter
    def x(self): return "overridden getter"
d = D(); d.x = 3; print(d.x, d._x)
class E(C):
    ro = "plain attribute now"
print(E().ro)
print(C.x.fget(c), C.x.fset is not None, C.ro.fset, C.x.__get__(c, C))
import functools
class Cached:
    calls = 0
    @functools.cached_property
    def v(self): Cached.calls += 1; return Cached.calls * 10
k = Cached(); print(k.v, k.v, Cached.calls, k.__dict__); del k.v; print(k.v)
