def f(a, b=2, /, c=3, *args, d, e=5, **kw): return (a, b, c, args, d, e, kw)
print(f(1, d=4), f(1, 9, 8, 7, 6, d=0, e=1, z=2), f(1, d=4, a=5, b=6), f(1, c=7, d=4))
def g(a, *, b): return a, b
print(g(1, b=2), g(b=2, a=1), g(*[1], **{"b": 2}))
def h(a, /): return a
print(h(1))
def k(*args): return args
print(k(), k(1, 2), k(*"ab"))
def m(**kw): return kw
print(m(), m(a=1, b=2), m(**{"x y": 1}))
def n(a, b=[], *c): b.append(a); return b
print("defaults are shared:", n(1), n(2), n(3, [9]), n.__defaults__)
x = 1
def late(v=x): return v
x = 2
print("defaults bind early:", late())
print("lambda:", (lambda a, b=2, *c, d=4, **e: (a, b, c, d, e))(1, 5, 6, d=7, q=8), (lambda: None)(), (lambda *, k: k)(k=1), (lambda a, /, b: (a, b))(1, b=2))
def kwonly_default(*, a=1, b): return a, b
print(kwonly_default(b=2), kwonly_default.__kwdefaults__)
print("order of evaluation:", end=" ")
def e(n): print(n, end=" "); return n
f(e(1), *[e(2)], d=e(3), **{"z": e(4)}); print()
def default_order(a=e("a"), *, b=e("b")): pass
print()
print("returns none:", (lambda: print("x"))())
def early(n):
    if n > 0:
        return "positive"
    elif n == 0:
        return
    n = "negative"
print(early(1), early(0), early(-1))
