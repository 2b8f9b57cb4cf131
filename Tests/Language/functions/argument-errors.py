def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def f(a, b, c=3): pass
def g(*, k, l): pass
def h(a, /, b): pass
def n(): pass
def s(a, *args, k=1): pass
def d(a, b=1, *, c=2): pass
attempt("missing one:", lambda: f(1))
attempt("missing two:", lambda: f())
attempt("missing three:", lambda: (lambda a, b, c: 0)())
attempt("too many:", lambda: f(1, 2, 3, 4))
attempt("unexpected:", lambda: f(1, 2, z=3))
attempt("multiple values:", lambda: f(1, 2, a=3))
attempt("keyword-only missing:", lambda: g(k=1))
attempt("keyword-only both missing:", lambda: g())
attempt("keyword-only positional:", lambda: g(1, 2))
attempt("positional-only by keyword:", lambda: h(a=1, b=2))
attempt("none expected:", lambda: n(1))
attempt("none expected keyword:", lambda: n(a=1))
attempt("star missing:", lambda: s())
attempt("range too many:", lambda: d(1, 2, 3))
attempt("too many with keyword:", lambda: d(1, 2, 3, c=4))
attempt("too few default:", lambda: d())
attempt("misspelt:", lambda: f(1, 2, cc=3))
class C:
    def m(self, a): pass
    @staticmethod
    def st(a): pass
    @classmethod
    def cl(cls, a): pass
    def __init__(self, x): pass
attempt("method missing:", lambda: C(1).m())
attempt("method many:", lambda: C(1).m(1, 2))
attempt("static:", lambda: C.st())
attempt("class method:", lambda: C.cl(1, 2))
attempt("init missing:", lambda: C())
attempt("init many:", lambda: C(1, 2))
attempt("unbound:", lambda: C.m(1))
attempt("object takes none:", lambda: object(1))
class Plain: pass
attempt("plain takes none:", lambda: Plain(1))
attempt("plain keyword:", lambda: Plain(a=1))
attempt("lambda:", lambda: (lambda x: x)())
def outer():
    def inner(a): pass
    inner()
attempt("nested name:", outer)
attempt("not callable none:", lambda: None())
attempt("not callable str:", lambda: "a"())
attempt("not callable module:", lambda: __import__("math")())
attempt("not callable instance:", lambda: Plain()())
attempt("builtin arity len:", lambda: len())
attempt("builtin arity len 2:", lambda: len([], []))
attempt("builtin keyword:", lambda: len(x=[]))
attempt("builtin abs:", lambda: abs())
