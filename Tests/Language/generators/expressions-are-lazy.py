log = []
def f(x): log.append(x); return x
g = (f(x) for x in [1, 2, 3]); print(log); next(g); print(log)
print(list(g), log)
print(any(f(x) > 4 for x in [3, 5, 7]), log[3:])
print(next((x for x in range(100) if x * x > 50), None), next((x for x in ()), "none"))
def outermost():
    print("iterable evaluated at once"); return [1]
g = (x for x in outermost()); print("created"); list(g)
try: g = (x for x in 5)
except TypeError as error: print("TypeError:", error)
g = (1 / x for x in [1, 0]); print(next(g))
try: next(g)
except ZeroDivisionError as error: print(error)
print(list(g))
a = [1, 2, 3]; g = (x for x in a if x in a); a.append(4); print(list(g))
g = (x for x in range(3)); print(2 in g, list(g))
print(sum(x * y for x in range(3) for y in range(3)), sorted((x for x in "cab")), dict((k, 1) for k in "ab"))
import sys
print(g.close(), (i for i in ()).__name__, max((len(w) for w in "a bbb cc".split())))
def consume(it): return sum(1 for _ in it)
print(consume(x for x in range(10)), consume(x for x in ()))
def nested(): return ((x, y) for x in range(2) for y in (z * x for z in range(2)))
print(list(nested()))
