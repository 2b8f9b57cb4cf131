class A:
    def __init__(self, x): self.x = x; print("A init", x)
    def who(self): return "A"
    def call(self): return self.who()
class B(A):
    def __init__(self, x, y): super().__init__(x); self.y = y
    def who(self): return "B<" + super().who() + ">"
class C(B):
    def who(self): return "C" + super(B, self).who() + super().who()
c = C(1, 2); print(c.x, c.y, c.who(), c.call(), A.who(c))
print(isinstance(c, A), isinstance(c, (int, B)), isinstance(1, A), issubclass(C, A), issubclass(A, C), issubclass(C, (int, A)), issubclass(C, C))
print(C.__bases__ == (B,), [k.__name__ for k in C.__mro__], C.mro() == list(C.__mro__), A.__base__ is object, [k.__name__ for k in A.__subclasses__()])
class D1(A):
    def who(self): return "D1" + super().who()
class D2(A):
    def who(self): return "D2" + super().who()
class E(D1, D2):
    def who(self): return "E" + super().who()
print(E(0).who(), [k.__name__ for k in E.__mro__])
class Cooperative:
    def __init__(self, **kw): super().__init__(**kw); print("coop", sorted(kw))
class Mix(Cooperative):
    def __init__(self, m, **kw): super().__init__(**kw); self.m = m
Mix(5)
class Cls:
    @classmethod
    def make(cls): return cls.__name__
class Sub(Cls):
    @classmethod
    def make(cls): return "sub " + super().make()
    @staticmethod
    def st(): return __class__.__name__
print(Cls.make(), Sub.make(), Sub().make(), Sub.st())
class Prop:
    @property
    def p(self): return "base"
class SubProp(Prop):
    @property
    def p(self): return super().p + "+"
print(SubProp().p)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
class NoMethod(A):
    def who(self): return super().absent()
attempt("super missing:", lambda: NoMethod(1).who())
attempt("super outside:", lambda: super())
attempt("mro conflict:", lambda: type("X", (A, B), {}))
attempt("duplicate base:", lambda: type("X", (A, A), {}))
attempt("base int instance:", lambda: type("X", (5,), {}))
attempt("bool base:", lambda: type("X", (bool,), {}))
attempt("isinstance second:", lambda: isinstance(1, 5))
attempt("issubclass first:", lambda: issubclass(1, int))
attempt("super wrong:", lambda: super(B, 5).who())
print(repr(super(B, c))[:20], super(B, c).x if hasattr(super(B, c), "x") else "super sees class attributes only")
