class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
class Q(P): pass
class N:
    def __init__(self): self.v = 5
def f(o):
    match o:
        case P(0, 0): return "origin"
        case P(0, y): return f"on y at {y}"
        case P(x=x, y=0): return f"on x at {x}"
        case Q(a, b): return f"Q {a} {b}"
        case P(x, y) if x == y: return "diagonal"
        case P(P(a, b), c): return f"nested {a} {b} {c}"
        case P(): return "some P"
        case N(v=5 as v): return f"N {v}"
        case str(s) | bytes(s): return f"text {s!r}"
        case int(x=_): return "never"
        case list([a, b]): return f"list {a}{b}"
        case dict(d): return f"dict {d}"
        case (int() | float()) as n: return f"number {n}"
        case object(): return "object"
print([f(o) for o in (P(0, 0), P(0, 3), P(4, 0), Q(1, 2), P(5, 5), P(P(1, 2), 3), P(7, 8), N(), "s", b"b", [1, 2], {"k": 1}, 3, 2.5, None)])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def too_many():
    match P(1, 2):
        case P(a, b, c): pass
def no_args():
    match N():
        case N(a): pass
def not_class():
    match 5:
        case P.__init__(): pass
def duplicate():
    match P(1, 2):
        case P(1, x=2): pass
attempt("too many:", too_many); attempt("no match_args:", no_args); attempt("not a class:", not_class); attempt("duplicate:", duplicate)
from dataclasses import dataclass
@dataclass
class D: a: int; b: str = "d"
match D(1):
    case D(a, "d"): print("dataclass", a)
from enum import Enum
class E(Enum): A = 1; B = 2
def e(v):
    match v:
        case E.A: return "A"
        case E.B: return "B"
        case _: return "?"
print([e(v) for v in (E.A, E.B, 1)])
def expr(n):
    match n:
        case ("+", a, b): return expr(a) + expr(b)
        case ("*", a, b): return expr(a) * expr(b)
        case ("-", a): return -expr(a)
        case int() | float(): return n
        case bool(): return "never: bool is an int"
        case _: raise ValueError(f"bad {n!r}")
print(expr(("+", 1, ("*", 2, ("-", 3)))))
attempt("raise:", lambda: expr("q"))
