def g():
    print("start")
    yield 1
    print("middle")
    yield 2
    print("end")
it = g(); print("made")
print(next(it)); print(next(it))
try:
    next(it)
except StopIteration as error:
    print("StopIteration", error.value)
try:
    next(it)
except StopIteration as error:
    print("again", error.args)
print(next(it, "default"))
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
print(list(count(4)), sum(count(5)), [x for x in count(3)], tuple(count(0)), dict(zip("ab", count(9))))
def infinite():
    n = 0
    while True:
        yield n
        n += 1
it = infinite(); print([next(it) for _ in range(5)])
for x in infinite():
    if x > 2: break
print("broke at", x)
def returns():
    yield 1
    return "value"
r = returns(); next(r)
try: next(r)
except StopIteration as error: print("returned:", error.value)
def empty():
    return
    yield
print(list(empty()))
print(iter(it) is it, type(it).__name__, it.__name__, type((x for x in ())).__name__)
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
from itertools import islice
print(list(islice(fib(), 15)))
def tree(t):
    if t:
        l, v, r = t
        yield from tree(l); yield v; yield from tree(r)
print(list(tree(((None, 1, None), 2, (None, 3, None)))))
def sieve():
    n, seen = 2, []
    while True:
        if all(n % p for p in seen): seen.append(n); yield n
        n += 1
print(list(islice(sieve(), 10)))
print(max(count(5)), sorted(count(3), reverse=True), "".join(str(i) for i in count(3)), 2 in count(5), 9 in count(5))
a, *b = count(4); print(a, b)
pipeline = (y * 2 for y in (x + 1 for x in count(3)) if y != 2); print(list(pipeline))
def two(): x = yield; print("got", x)
t = two(); next(t)
try: t.send("sent")
except StopIteration: print("done")
