import operator as op
print(op.add(1, 2), op.sub(5, 3), op.mul(2, 3), op.truediv(7, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 3), op.neg(1), op.pos(-1), op.abs(-2), op.invert(1), op.lshift(1, 3), op.rshift(8, 1), op.and_(6, 3), op.or_(6, 1), op.xor(6, 3), op.matmul.__name__, op.index(True))
print(op.lt(1, 2), op.le(2, 2), op.eq(1, 1.0), op.ne(1, 2), op.gt(1, 2), op.ge(1, 2), op.not_(0), op.truth([]), op.is_(None, None), op.is_not(1, None), op.contains([1], 1), op.concat([1], [2]), op.countOf([1, 1], 1), op.indexOf([5, 6], 6), op.length_hint([1, 2]))
d = {"a": 1}; op.setitem(d, "b", 2); print(op.getitem(d, "b"), op.getitem([1, 2, 3], slice(1))); op.delitem(d, "a"); print(d)
l = [1]; print(op.iadd(l, [2]) is l, l, op.iadd(1, 2), op.imul("a", 2))
g = op.itemgetter(1); print(g("abc"), op.itemgetter(0, 2)("abc"), op.itemgetter("k")({"k": 5}), sorted([(1, "b"), (0, "z"), (1, "a")], key=op.itemgetter(0)), sorted([{"n": 2}, {"n": 1}], key=op.itemgetter("n")), op.itemgetter(slice(1, 3))("abcd"))
class P:
    def __init__(s, x): s.x = x; s.child = s
    def m(s, a, k=0): return (s.x, a, k)
print(op.attrgetter("x")(P(3)), op.attrgetter("x", "child.x")(P(4)), op.methodcaller("m", 1, k=2)(P(5)), op.methodcaller("upper")("abc"), list(map(op.methodcaller("strip"), [" a "])), max([P(1), P(9)], key=op.attrgetter("x")).x)
for f in (lambda: op.itemgetter(9)("a"), lambda: op.attrgetter("zz")(5), lambda: op.add(1, "a"), lambda: op.itemgetter(), lambda: op.methodcaller("nope")(5), lambda: op.indexOf([1], 5), lambda: op.index(1.5), lambda: op.attrgetter(5)):
    try: print(f())
    except Exception as e: print(type(e).__name__ + ":", e)
import functools; print(functools.reduce(op.mul, range(1, 6)), functools.reduce(op.or_, [{1}, {2}]) == {1, 2}, repr(op.itemgetter(1, 2)), repr(op.attrgetter("a.b")))
