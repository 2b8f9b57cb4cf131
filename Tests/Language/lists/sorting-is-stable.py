a = [3, 1, 2]
print("sort:", a.sort(), a)
a.sort(reverse=True); print("reverse:", a)
words = ["banana", "Apple", "cherry", "date", "fig"]
print("sorted:", sorted(words), words)
print("key:", sorted(words, key=str.lower), sorted(words, key=len), sorted(words, key=lambda w: w[-1]), sorted(words, key=len, reverse=True))
pairs = [("b", 2), ("a", 2), ("c", 1), ("a", 1)]
print("stable:", sorted(pairs, key=lambda p: p[1]), sorted(pairs, key=lambda p: p[0], reverse=True))
print("tuples:", sorted(pairs), sorted([[2, 1], [1, 2], [1]]), sorted([(1, "b"), (1, "a")]))
print("mixed numbers:", sorted([2, 1.5, True, -3, 2 ** 70, 0.5]), sorted([float("inf"), -1, float("-inf")]))
print("iterables:", sorted("hello"), sorted({3: 1, 1: 2}), sorted({5, 2, 9}), sorted(x % 3 for x in range(6)), sorted(range(5, 0, -1)))
print("empty:", sorted([]), sorted([1]))
import random
r = random.Random(1); big = [r.randrange(1000) for _ in range(500)]
s = sorted(big); print("big:", s[:5], s[-5:], all(x <= y for x, y in zip(s, s[1:])), sum(s) == sum(big))
runs = list(range(100)) + list(range(50, 0, -1)) + [7] * 20
print("runs:", sorted(runs)[:12], sorted(runs, reverse=True)[:5])
class Item:
    def __init__(self, n): self.n = n
    def __lt__(self, other): return self.n < other.n
    def __repr__(self): return f"I{self.n}"
print("lt only:", sorted([Item(3), Item(1), Item(2)]), max([Item(3), Item(5)], key=lambda i: i.n))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("mixed types:", lambda: sorted([1, "a"]))
attempt("none:", lambda: sorted([None, 1]))
attempt("dicts:", lambda: sorted([{}, {}]))
attempt("positional key:", lambda: sorted([1], len))
attempt("key fails:", lambda: sorted([1, 0], key=lambda x: 1 / x))
attempt("reverse text:", lambda: [1, 2].sort(reverse="x"))
def mutate():
    b = [3, 2, 1]
    b.sort(key=lambda x: b.append(x) or x)
attempt("modified during sort:", mutate)
import functools
print("cmp_to_key:", sorted([5, 3, 10], key=functools.cmp_to_key(lambda x, y: (x > y) - (x < y))))
