def f(*args, **kw): return args, kw
a, d = [1, 2], {"x": 1}
print(f(*a), f(*a, 3, *"bc"), f(**d), f(0, *a, k=5, **d), f(*a, **d, y=2), f(*[], **{}))
print([*a, 9, *a], (*a,), {*a} == {1, 2}, {**d, "y": 2}, {"x": 0, **d}, [*range(3), *{"k": 1}])
print(max(*a, 5), dict(d, **{"z": 3}), "{} {}".format(*a), print(*a, sep="+"))
t = 1, *a, 2
print(t)
def g():
    return *a, 3
print(g())
def h():
    yield 0, *a
print(list(h()))
for x in *a, 7: print("for", x)
print([*"abc"][1], (*"ab", *()), [*map(str, a)])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("duplicate keyword:", lambda: f(x=1, **d))
attempt("duplicate in two dicts:", lambda: f(**d, **d))
attempt("non-string key:", lambda: f(**{1: 2}))
attempt("star int:", lambda: f(*5))
attempt("dstar list:", lambda: f(**[1]))
attempt("positional and star:", lambda: (lambda a, b: (a, b))(*[1, 2, 3]))
