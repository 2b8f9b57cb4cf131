import functools as ft
print(ft.reduce(lambda a, b: a + b, [1, 2, 3]), ft.reduce(lambda a, b: a * b, [1, 2, 3], 10), ft.reduce(max, [3, 9, 2]), ft.reduce(lambda a, b: a + b, [], "init"), ft.reduce(lambda a, b: a, [5]))
p = ft.partial(int, base=2); print(p("101"), p.func is int, p.args, p.keywords, ft.partial(pow, 2)(5), ft.partial(ft.partial(print, "a"), "b").args, ft.partial(max, 1)(0, 5)); ft.partial(print, "x", sep="-")("y", "z"); print(repr(ft.partial(int, "5", base=8)))
calls = []
@ft.lru_cache(maxsize=2)
def f(x, y=0): calls.append(x); return x * 10
print(f(1), f(1), f(2), f(3), f(1), calls, f.cache_info(), f.__name__, f.__wrapped__(7)); f.cache_clear(); print(f.cache_info(), f.cache_parameters())
@ft.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
@ft.lru_cache
def g(*a, **k): return (a, k)
print(g(1, x=2), g(x=2, *[1]) is g(1, x=2), g(1) is g(1.0))
class M:
    @ft.lru_cache(None)
    def m(self, x): return x + 1
print(M().m(1))
try: f([1])
except TypeError as e: print("TypeError:", e)
@ft.singledispatch
def show(x): return f"default {x}"
@show.register
def _(x: int): return f"int {x}"
@show.register(list)
def _(x): return f"list {x}"
@show.register(str)
@show.register(bytes)
def _(x): return f"text {x}"
print(show(1), show(True), show([1]), show("a"), show(b"b"), show(2.5), show.dispatch(int)(5))
class D:
    @ft.singledispatchmethod
    def m(self, x): return "any"
    @m.register
    def _(self, x: int): return "int"
    @ft.cached_property
    def cp(self): calls.append("cp"); return 5
    def base(self, a, b): return (a, b)
    part = ft.partialmethod(base, 1)
d = D(); print(d.m(1), d.m("x"), d.cp, d.cp, calls[-1], d.part(2))
def deco(fn):
    @ft.wraps(fn)
    def w(*a): "wrapper"; return fn(*a)
    return w
@deco
def h(): "the docs of h"
print(h.__name__, h.__doc__, h.__wrapped__.__name__, h.__qualname__)
print(sorted("bca", key=ft.cmp_to_key(lambda a, b: ord(b) - ord(a))))
@ft.total_ordering
class T:
    def __init__(s, v): s.v = v
    def __eq__(s, o): return s.v == o.v
    def __lt__(s, o): return s.v < o.v
print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2), T(1) != T(2))
for fn in (lambda: ft.reduce(lambda a, b: a, []), lambda: ft.partial(5), lambda: ft.reduce(5, [1, 2]), lambda: ft.total_ordering(type("X", (), {}))):
    try: fn()
    except (TypeError, ValueError) as e: print(type(e).__name__ + ":", e)
