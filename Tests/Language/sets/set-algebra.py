a, b = {1, 2, 3, 4}, {3, 4, 5}
show = lambda s: (type(s).__name__, sorted(s))
print("operators:", show(a | b), show(a & b), show(a - b), show(a ^ b))
print("methods:", show(a.union(b, [9])), show(a.intersection([1, 3], (3,))), show(a.difference(b, {1})), show(a.symmetric_difference([1, 9])))
print("no arguments:", show(a.union()), show(a.intersection()), show(a.difference()))
print("compare:", {1} < a, a <= a, a < a, a > {1}, a == {4, 3, 2, 1}, a != b, {1} < {2}, set() < {1})
print("tests:", a.issubset(range(10)), a.issuperset([1]), a.isdisjoint([9]), a.isdisjoint(b))
c = set(a); c |= {10}; c &= {1, 2, 10}; c -= {1}; c ^= {2, 3}; print("in place:", show(c))
c = set(a); c.intersection_update(b); print("intersection_update:", show(c))
c = set(a); c.difference_update(b); print("difference_update:", show(c))
c = set(a); c.symmetric_difference_update(b); print("symmetric_difference_update:", show(c))
f = frozenset(a)
print("frozen:", show(f | b), show(b | f), show(f & b), f == a, show(f - {1}), f.copy() is f)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("set | list:", lambda: a | [1])
attempt("set & int:", lambda: a & 1)
attempt("set < list:", lambda: a < [1])
attempt("set + set:", lambda: a + b)
attempt("union of int:", lambda: a.union(5))
print("dedupe keeps order through dict:", list(dict.fromkeys([3, 1, 3, 2, 1])))
big = set(range(1000)) - set(range(0, 1000, 2)); print("large:", len(big), min(big), max(big), sum(big))
class S(set):
    def total(self): return sum(self)
print("subclass:", S([1, 2]).total(), type(S([1]) | {2}).__name__, S([1]) == {1})
