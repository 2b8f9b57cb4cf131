class A:
    __slots__ = ("x", "y")
class B(A): pass
class C(A):
    __slots__ = ("z", "__dict__")
class D:
    pass
class E(D):
    __slots__ = ("s",)
for k in (B, C, E):
    o = k()
    for name in ("x", "y", "z", "s", "free"): setattr(o, name, name.upper())
    print(k.__name__, sorted(o.__dict__), o.x, o.y, o.z, o.s, o.free)
    o.__dict__["later"] = 1; o.x = "new"
    print(o.later, o.x, vars(o) is o.__dict__, "x" in o.__dict__)
    del o.y, o.free
    print(hasattr(o, "y"), hasattr(o, "free"), sorted(o.__dict__))
    try: del o.y
    except AttributeError: print("gone")
    o.y = 5; print(o.y, sorted(vars(o)))
