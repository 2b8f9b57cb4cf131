log = []
class R:
    def __init__(self, n): self.n = n; log.append(f"open {n}")
    def __enter__(self): return self
    def __exit__(self, *a): log.append(f"close {self.n} {a[0].__name__ if a[0] else None}")
def work(fail):
    with R(1), R(2):
        if fail: raise ValueError("x")
    return "ok"
for f in (False, True):
    try: log.append(work(f))
    except ValueError as e: log.append(str(e))
print(log)
d = {}
try: d["a"] = 1 / 0
except ZeroDivisionError: print(d)
l = [1]
try: l.extend(x if x < 3 else 1 / 0 for x in range(2, 5))
except ZeroDivisionError: print(l)
def partial():
    for x in ("1", "2", "bad", "4"): yield int(x)
got = []
try:
    for v in partial(): got.append(v)
except ValueError: print(got)
def many(n):
    caught = 0
    for i in range(n):
        try:
            if i % 3 == 0: raise KeyError(i)
            if i % 3 == 1: [][i]
            {}.x
        except KeyError: caught += 1
        except IndexError: caught += 10
        except AttributeError: caught += 100
    return caught
print(many(300))
def deep(n):
    if n == 0: raise RuntimeError("bottom")
    try: deep(n - 1)
    except RuntimeError as e:
        if n % 10 == 0: raise RuntimeError(f"level {n}") from e
        raise
try: deep(25)
except RuntimeError as e: print(e, e.__cause__, e.__cause__.__cause__)
def retry(f, times):
    for i in range(times):
        try: return f(i)
        except ValueError as e: last = e
    raise RuntimeError("gave up") from last if False else RuntimeError("gave up")
def flaky(i):
    if i < 2: raise ValueError(i)
    return f"worked at {i}"
print(retry(flaky, 5))
try: retry(lambda i: int("x"), 2)
except (RuntimeError, UnboundLocalError) as e: print(type(e).__name__, e)
x = 0
try:
    x = 1
    x = int("oops")
    x = 2
except ValueError: pass
print(x)
stack = []
def push(): stack.append(len(stack)); (push() if len(stack) < 5 else 1 / 0)
try: push()
except ZeroDivisionError: print(stack)
