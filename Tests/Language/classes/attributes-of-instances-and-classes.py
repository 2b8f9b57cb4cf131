class A:
    shared = []
    count = 0
    def __init__(self, name):
        self.name = name
        A.count += 1
    def rename(self, new): self.name = new; return self
a, b = A("a"), A("b")
print(a.name, b.name, A.count, a.count, a.shared is b.shared)
a.shared.append(1); print(b.shared)
a.count = 100; print(a.count, A.count, b.count); del a.count; print(a.count)
a.extra = 5; print(a.__dict__, hasattr(a, "extra"), hasattr(b, "extra"))
print(getattr(a, "name"), getattr(a, "zz", "default"), setattr(a, "q", 1), a.q, delattr(a, "q"), hasattr(a, "q"))
print(a.rename("n").rename("m").name, vars(b), A.__name__, a.__class__ is A, type(a) is A, A.__module__)
A.late = lambda self: "late " + self.name; print(b.late())
a.own = lambda: "no self"; print(a.own())
m = a.rename; m("bound"); print(a.name, A.rename(a, "unbound").name)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("missing:", lambda: a.nothing)
attempt("missing on class:", lambda: A.nothing)
attempt("misspelt:", lambda: a.nam)
attempt("delete missing:", lambda: delattr(a, "nothing"))
attempt("none attribute:", lambda: None.x)
attempt("int attribute:", lambda: (5).x)
attempt("set on int:", lambda: setattr(5, "x", 1))
attempt("set on none:", lambda: setattr(None, "x", 1))
attempt("set on builtin type:", lambda: setattr(int, "x", 1))
attempt("function attribute:", lambda: print.x)
attempt("module attribute:", lambda: __import__("math").nothing)
attempt("set on object:", lambda: setattr(object(), "x", 1))
attempt("getattr non-string:", lambda: getattr(a, 5))
attempt("hasattr non-string:", lambda: hasattr(a, 5))
a.__class__ = type("Other", (), {"who": lambda self: "other"}); print(a.who(), a.name)
class Body:
    x = 1
    y = x + 1
    if y > 1: z = "conditional"
    for i in range(3): pass
    def m(self): return self.x + self.y
    alias = m
    del x
print(Body.y, Body.z, Body.i, hasattr(Body, "x"), Body.alias is Body.m)
print([k for k in Body.__dict__ if not k.startswith("__")])
class Doc: "docs"
print(Doc.__doc__, Doc().__doc__, Body.__doc__, repr(Doc), str(Doc))
