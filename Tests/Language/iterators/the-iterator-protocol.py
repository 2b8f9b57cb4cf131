class Count:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
print(list(Count(3)), sum(Count(4)), [x for x in Count(2)], 2 in Count(3), 9 in Count(3), max(Count(5)), dict(zip(Count(2), "ab")), (*Count(2),))
class Reiterable:
    def __iter__(self): return iter([1, 2])
r = Reiterable(); print(list(r), list(r), [*r, *r])
class Gen:
    def __iter__(self): yield "a"; yield "b"
print(list(Gen()), "a" in Gen())
class Old:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
print(list(Old()), 20 in Old(), 5 in Old(), list(reversed("ab")), list(enumerate(Old())))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
class NoNext:
    def __iter__(self): return 5
class NotIterable: pass
class BadIter:
    def __iter__(self): raise ValueError("in iter")
attempt("iter returns int:", lambda: list(NoNext()))
attempt("not iterable:", lambda: list(NotIterable()))
attempt("for not iterable:", lambda: [x for x in NotIterable()])
attempt("iter raises:", lambda: list(BadIter()))
attempt("next of list:", lambda: next([1]))
attempt("next exhausted:", lambda: next(iter([])))
attempt("iter none:", lambda: iter(None))
attempt("in without iter:", lambda: 1 in NotIterable())
attempt("reversed of set:", lambda: reversed({1}))
attempt("reversed of generator:", lambda: reversed(x for x in ()))
it = iter("abc"); print(next(it), next(it), next(it), next(it, "end"))
n = iter([3, 2, 1, 0, 5]); print("sentinel:", list(iter(lambda: next(n), 0)))
class Rev:
    def __reversed__(self): return iter("reversed")
    def __len__(self): return 2
    def __getitem__(self, i): return "xy"[i]
print("".join(reversed(Rev())), [type(iter(x)).__name__ for x in ([], (), {}, set(), range(0), b"")])
class Hint:
    def __init__(self): self.calls = 0
    def __iter__(self): self.calls += 1; return iter(range(3))
h = Hint(); [list(h) for _ in range(3)]; print(h.calls)
print(iter(it) is it, hasattr(it, "__next__"), hasattr([], "__next__"), hasattr([], "__iter__"))
