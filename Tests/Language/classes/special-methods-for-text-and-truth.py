class P:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"P({self.x!r})"
class S(P):
    def __str__(self): return f"<{self.x}>"
    def __format__(self, spec): return f"fmt[{spec}]{self.x}"
    def __len__(self): return 3
    def __hash__(self): return 42
    def __eq__(self, o): return isinstance(o, S) and o.x == self.x
    def __bytes__(self): return b"bytes"
    def __int__(self): return 7
    def __float__(self): return 7.5
    def __index__(self): return 2
    def __abs__(self): return "abs"
    def __dir__(self): return ["b", "a"]
    def __round__(self, n=0): return f"round {n}"
    def __trunc__(self): return "trunc"
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __contains__(self, x): return x == self.x
    def __call__(self, *a, **k): return ("called", a, k)
    def __reversed__(self): return iter("rev")
    def __sizeof__(self): return 1
p, s = P("a"), S("b")
print(p, s, [p, s], str(p), repr(s), f"{s}", f"{s:x}", f"{s!r}", "%s %r" % (s, s), "{:q}".format(s))
print(len(s), bool(s), hash(s), s == S("b"), s != S("b"), s == 1, {s: 1}[S("b")], bytes(s), int(s), float(s), [10, 20, 30][s], hex(s))
import math
print(abs(s), dir(s), round(s), round(s, 1), math.trunc(s), math.floor(s), math.ceil(s), "b" in s, "z" in s, s(1, k=2), list(reversed(s)))
class Default: pass
d = Default(); print(bool(d), d == d, d != Default(), hash(d) == hash(d), repr(d).startswith("<__main__.Default object at 0x"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
class Bad:
    def __len__(self): return "x"
    def __bool__(self): return 1
    def __hash__(self): return 1.5
    def __str__(self): return 1
    def __int__(self): return "i"
    def __index__(self): return "i"
    def __format__(self, s): return 5
    def __contains__(self, x): return "truthy"
    def __iter__(self): return 1
attempt("len:", lambda: len(Bad())); attempt("bool:", lambda: bool(Bad())); attempt("hash:", lambda: hash(Bad())); attempt("str:", lambda: str(Bad())); attempt("int:", lambda: int(Bad())); attempt("index:", lambda: [1][Bad()]); attempt("format:", lambda: f"{Bad()}"); attempt("contains:", lambda: 1 in Bad()); attempt("iter:", lambda: list(Bad()))
class Neg:
    def __len__(self): return -1
class Huge:
    def __len__(self): return 2 ** 70
attempt("negative len:", lambda: len(Neg())); attempt("huge len:", lambda: len(Huge()))
class OnInstance: pass
o = OnInstance(); o.__len__ = lambda: 5
attempt("looked up on the type:", lambda: len(o))
