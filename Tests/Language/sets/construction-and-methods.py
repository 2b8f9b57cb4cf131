s = {3, 1, 2}
print(sorted(s), len(s), set(), sorted(set("hello")), {1, 1.0, True}, {5}, frozenset(), frozenset([1]), sorted({*"ab", *[1]}, key=str))
print("add:", s.add(4), s.add(1), sorted(s))
print("discard:", s.discard(4), s.discard(99), sorted(s))
print("remove:", s.remove(1), sorted(s))
print("pop one:", {7}.pop())
print("update:", s.update([5, 6], (7,)), sorted(s))
t = s.copy(); print("clear:", t.clear(), t, sorted(s))
print("in:", 2 in s, 99 in s, 2 not in s)
print("comprehension:", sorted({x * x % 7 for x in range(10)}))
print("bool:", bool(set()), bool({0}))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("remove missing:", lambda: s.remove(99))
attempt("pop empty:", lambda: set().pop())
attempt("unhashable:", lambda: {[1]})
attempt("add list:", lambda: s.add([]))
attempt("set of int:", lambda: set(5))
attempt("hash:", lambda: hash(s))
attempt("index:", lambda: s[0])
attempt("frozen add:", lambda: frozenset().add(1))
attempt("set in set:", lambda: sorted({frozenset([1])} | {frozenset([1])}, key=len))
print("frozen hash:", hash(frozenset([1, 2])) == hash(frozenset([2, 1])), frozenset([1]) in {frozenset([1])}, {1} in {frozenset([1])})
def grow():
    for x in s: s.add(x + 100)
attempt("changed during iteration:", grow)
