from dataclasses import dataclass, field, asdict, astuple, replace, fields, is_dataclass, FrozenInstanceError, KW_ONLY, InitVar, make_dataclass
from typing import ClassVar
@dataclass
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list)
    def total(self): return self.x + self.y
p = P(1); q = P(1, 2); print(p, p == q, p != P(2), p.total(), P(1, y=5), p.tags is q.tags, P.y, P.__match_args__, repr(p)); p.tags.append(1); print(p, q, p == q, p.__dict__)
@dataclass(frozen=True, order=True)
class F: a: int; b: str = "b"
print(F(1) < F(2), sorted([F(2), F(1, "z"), F(1)]), hash(F(1)) == hash(F(1)), {F(1): "k"}[F(1)], F(1) >= F(1), max(F(1), F(3)))
@dataclass
class C(P):
    z: str = "z"
    kind: ClassVar[str] = "class var"
    secret: int = field(default=0, repr=False, compare=False)
    made: int = field(init=False, default=7)
    def __post_init__(self): self.double = self.x * 2
c = C(1, 2, [], "q", 9); print(c, c.double, c.made, C.kind, c == C(1, 2, [], "q", 100), [f.name for f in fields(c)], [f.type for f in fields(F)] == [int, str])
print(asdict(C(1, 2, [P(3)])), astuple(F(5)), replace(p, x=50), is_dataclass(P), is_dataclass(p), is_dataclass(5), asdict(p, dict_factory=lambda kv: sorted(k for k, v in kv)))
@dataclass
class K:
    a: int
    _: KW_ONLY
    b: int = 5
    c: int = 6
print(K(1, c=9))
@dataclass(kw_only=True, slots=True)
class S: m: int; n: int = 3
print(S(m=1), S.__slots__)
@dataclass
class I:
    v: int
    scale: InitVar[int] = 10
    def __post_init__(self, scale): self.v *= scale
print(I(2), I(2, 3))
@dataclass(eq=False, repr=False)
class N: v: int
print(N(1) == N(1), "N object" in repr(N(1)))
@dataclass(unsafe_hash=True)
class H: v: int
print(hash(H(1)) == hash(H(1)), make_dataclass("M", ["a", ("b", int, 5)])(1))
@dataclass
class Own:
    v: int
    def __repr__(self): return "own repr"
    def __eq__(self, o): return "own eq"
print(Own(1), Own(1) == 2)
@dataclass
class Tree: value: int; children: list = field(default_factory=list)
print(Tree(1, [Tree(2)]))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def frozen(): F(1).a = 2
def mutable():
    @dataclass
    class X: l: list = []
def order():
    @dataclass
    class X: a: int = 1; b: int
def no_order(): return P(1) < P(2)
attempt("frozen:", frozen); attempt("frozen del:", lambda: delattr(F(1), "a")); attempt("mutable default:", mutable); attempt("order:", order); attempt("compare:", no_order); attempt("missing:", lambda: P()); attempt("extra:", lambda: P(1, 2, [], 4)); attempt("keyword:", lambda: P(1, q=2)); attempt("unhashable:", lambda: hash(P(1))); attempt("kw only:", lambda: K(1, 2)); attempt("compare types:", lambda: F(1) < 5); attempt("fields:", lambda: fields(5)); attempt("asdict:", lambda: asdict(5)); attempt("replace:", lambda: replace(p, zz=1))
