class Typed:
    def __init__(self, kind): self.kind = kind
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, obj, owner):
        if obj is None: return f"<Typed on {owner.__name__}>"
        return getattr(obj, self.name, "unset")
    def __set__(self, obj, value):
        if not isinstance(value, self.kind): raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}")
        setattr(obj, self.name, value)
    def __delete__(self, obj): delattr(obj, self.name)
class P:
    age = Typed(int)
    name = Typed(str)
p = P(); print(p.age, P.age); p.age = 5; p.name = "n"; print(p.age, p.name, vars(p))
try: p.age = "x"
except TypeError as error: print("TypeError:", error)
del p.age; print(p.age)
p.__dict__["age"] = "hidden"; print("data wins:", p.age)
class NonData:
    def __get__(self, obj, owner=None): return "descriptor"
class Q: attr = NonData()
q = Q(); print(q.attr, Q.attr); q.attr = "instance"; print("instance wins:", q.attr); del q.attr; print(q.attr)
class Func:
    def __init__(self, f): self.f = f
    def __get__(self, obj, owner): return lambda *a: self.f(obj, *a)
class R:
    v = 3
    @Func
    def m(self, k): return self.v * k
print(R().m(5))
class ReadOnly:
    def __get__(self, o, t): return 1
    def __set__(self, o, v): raise AttributeError("read-only!")
class S: x = ReadOnly()
try: S().x = 2
except AttributeError as error: print("AttributeError:", error)
S.x = "replaced on class"; print(S().x)
class ClassProp:
    def __init__(self, f): self.f = f
    def __get__(self, o, owner): return self.f(owner)
class T:
    @ClassProp
    def label(cls): return cls.__name__.lower()
class U(T): pass
print(T.label, U.label, U().label)
def f(self): return self
print(f.__get__(5)(), f.__get__(None, int) is f)
