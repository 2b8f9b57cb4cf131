from enum import Enum, IntEnum, Flag, IntFlag, auto, unique, StrEnum
class Color(Enum):
    RED = 1
    GREEN = "g"
    CRIMSON = 1
    def describe(self): return f"{self.name}={self.value}"
    @classmethod
    def default(cls): return cls.RED
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(1), Color["GREEN"], Color.CRIMSON is Color.RED, list(Color), len(Color), Color.RED == Color.RED, Color.RED == 1, Color.RED is Color(1), Color.RED in Color, Color.RED.describe(), Color.default(), type(Color.RED).__name__, isinstance(Color.RED, Color), f"{Color.RED} {Color.RED!r}", "%s" % Color.GREEN, {Color.RED: 1}[Color.RED], hash(Color.RED) == hash(Color.RED), Color.__members__, bool(Color.RED))
class A(Enum): X = auto(); Y = auto(); Z = 10; W = auto()
print([m.value for m in A], [m.name for m in A], A.X != A.Y)
class I(IntEnum): LOW = 1; HIGH = 5
print(I.LOW < I.HIGH, I.LOW + 1, I.HIGH == 5, sorted([I.HIGH, I.LOW]), int(I.LOW), [10, 20][I.LOW], I(5), str(I.LOW), repr(I.LOW), f"{I.LOW}", isinstance(I.LOW, int), max(I), "%d" % I.HIGH)
class F(Flag): R = auto(); W = auto(); X = auto(); RW = R | W
print(F.R | F.W, F.RW, repr(F.R | F.X), F.R & F.RW, F.R in F.RW, F.X in F.RW, bool(F.R & F.X), F(0), ~F.R, F.R ^ F.RW, F(3), F.RW.value, list(F.RW), F(5).value, len(F), [f.name for f in F])
class IF(IntFlag): A = 1; B = 2
print(IF.A | IF.B, IF.A | 8, (IF.A | IF.B) == 3, IF(3), repr(IF(3)))
class S(StrEnum): ONE = auto(); TWO = "two!"
print(S.ONE, S.TWO, S.ONE == "one", S.TWO.upper(), repr(S.ONE), S("two!"))
class V(Enum):
    EARTH = (1.0, 2)
    MARS = (0.5, 3)
    def __init__(self, mass, radius): self.mass, self.radius = mass, radius
    @property
    def g(self): return self.mass / self.radius
    def __str__(self): return self.name.lower()
print(V.EARTH.mass, V.MARS.g, V.EARTH, V.EARTH.value, repr(V.MARS), V((0.5, 3)))
print(Enum("Anim", "CAT DOG"), list(Enum("Anim", ["a", "b"])), Enum("M", {"p": 1})["p"])
class Missing(Enum):
    A = 1
    @classmethod
    def _missing_(cls, v): return cls.A if v == "any" else None
print(Missing("any"))
class G(Enum):
    def _generate_next_value_(name, start, count, last): return name.lower() + str(count)
    P = auto(); Q = auto()
print([m.value for m in G])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def dup():
    @unique
    class U(Enum): A = 1; B = 1
def sub():
    class T(Color): BLUE = 3
def reassign(): Color.RED = 5
attempt("value:", lambda: Color(99)); attempt("name:", lambda: Color["NONE"]); attempt("attribute:", lambda: Color.NONE); attempt("unique:", dup); attempt("subclass:", sub); attempt("reassign:", reassign); attempt("order:", lambda: Color.RED < Color.GREEN); attempt("member set:", lambda: setattr(Color.RED, "value", 5)); attempt("int value:", lambda: I(99)); attempt("missing:", lambda: Missing("other")); attempt("delete:", lambda: delattr(Color, "RED"))
print([c.name for c in reversed(Color)], dir(Color.RED) is not None, Color.RED.__class__ is Color)
