def f(n): return f(n + 1)
try: f(0)
except RecursionError as e: print("RecursionError:", str(e).split(" while")[0])
def depth(n):
    try: return depth(n + 1)
    except RecursionError: return n
d = depth(0); print(500 < d <= 1000)
class A:
    def __getattr__(self, n): return getattr(self, n + "x")
    def __repr__(self): return repr(self)
    def __eq__(self, o): return self == o
    def __call__(self): return self()
for label, g in (("getattr", lambda: A().q), ("repr", lambda: repr(A())), ("eq", lambda: A() == 1), ("call", lambda: A()()), ("lambda", lambda: (lambda s: s(s))(lambda s: s(s)))):
    try: g()
    except RecursionError as e: print(label, type(e).__name__)
def mutual_a(n): return mutual_b(n)
def mutual_b(n): return mutual_a(n)
try: mutual_a(1)
except RuntimeError as e: print(type(e).__name__, isinstance(e, RecursionError))
def gen(n): yield from gen(n + 1)
try: list(gen(0))
except RecursionError: print("generator")
l = []
for _ in range(100000): l = [l]
try: repr(l); print("no")
except RecursionError as e: print("nested list repr:", e)
try: l == [l]; print("compared")
except RecursionError as e: print("comparison:", e)
while l: l = l[0]
import sys
print(sys.getrecursionlimit()); sys.setrecursionlimit(200)
print(depth(0) < 200); sys.setrecursionlimit(1000)
try: sys.setrecursionlimit(0)
except ValueError as e: print("ValueError:", e)
def finally_runs(n):
    try: finally_runs(n + 1)
    finally: counts.append(1)
counts = []
try: finally_runs(0)
except RecursionError: print(len(counts) > 500)
print("still alive", depth(0) > 500)
