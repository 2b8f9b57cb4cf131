class Base:
    registry = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag
        Base.registry.append(cls.__name__)
class A(Base, tag="a"): pass
class B(A): pass
print(Base.registry, A.tag, B.tag)
try:
    class C(Base, other=1): pass
except TypeError as error: print("TypeError:", error)
class Slots:
    __slots__ = ("x", "y")
    def __init__(self): self.x = 1
s = Slots(); print(s.x, Slots.__slots__, hasattr(s, "y")); s.y = 2; print(s.y)
try: s.z = 1
except AttributeError as error: print("AttributeError:", error)
del s.x
try: s.x
except AttributeError as error: print("AttributeError:", error)
try: s.__dict__
except AttributeError as error: print("AttributeError:", error)
class Sub(Slots): pass
u = Sub(); u.z = 5; print(u.z, u.x, u.__dict__)
class Named:
    def __set_name__(self, owner, name): print("set_name", owner.__name__, name); self.name = name
class Owner:
    field = Named()
    other = Named()
print(Owner.field.name)
class One:
    __slots__ = "only"
o = One(); o.only = 3; print(o.only)
