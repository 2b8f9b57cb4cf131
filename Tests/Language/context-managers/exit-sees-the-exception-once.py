class T:
    def __enter__(self): return self
    def __exit__(self, k, v, t):
        self.seen = (k.__name__ if k else None, str(v))
        return k is not None and issubclass(k, (KeyError, ZeroDivisionError))
results = []
for action in (lambda: None, lambda: {}["a"], lambda: 1 / 0):
    t = T()
    with t: action()
    results.append(t.seen)
print(results)
t = T()
try:
    with t: [][0]
except IndexError as e: print("not suppressed:", e, t.seen)
import sys
class I:
    def __enter__(self): print(sys.exc_info()[0])
    def __exit__(self, *a): print(sys.exc_info()[0] is a[0]); return True
with I(): raise OSError("o")
print(sys.exc_info()[0])
def value():
    with T(): return {}["x"]
print(value())
def loops():
    out = []
    for i in range(3):
        with T():
            if i == 1: raise KeyError
            out.append(i)
    return out
print(loops())
def nested(n):
    if n == 0: return 1 / 0
    with T() as t: nested(n - 1)
    return n
print(nested(4))
with T() as a, T() as b: raise KeyError("x")
print(a.seen, b.seen)
class Counter:
    active = 0
    def __enter__(self): Counter.active += 1; return Counter.active
    def __exit__(self, *a): Counter.active -= 1
with Counter() as one, Counter() as two, Counter() as three: print(one, two, three, Counter.active)
print(Counter.active)
