class Grid:
    def __init__(self): self.d = {}
    def __getitem__(self, k): print("get", k); return self.d[k]
    def __setitem__(self, k, v): print("set", k, v); self.d[k] = v
    def __delitem__(self, k): print("del", k); del self.d[k]
    def __contains__(self, k): return k in self.d
    def __len__(self): return len(self.d)
    def __iter__(self): return iter(sorted(self.d))
g = Grid(); g[1, 2] = "a"; g[3, 4] = 5
g[3, 4] += 1; print(g[3, 4], (1, 2) in g, 9 in g, len(g), list(g))
del g[1, 2]; print(len(g), bool(g))
try: g["missing"]
except KeyError as error: print("KeyError:", error)
class Stack:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i):
        if isinstance(i, slice): return Stack(*self.items[i])
        return self.items[i]
    def __repr__(self): return f"Stack{tuple(self.items)}"
    def __eq__(self, o): return self.items == o.items
    def __add__(self, o): return Stack(*self.items, *o.items)
    def __iadd__(self, o): self.items += o.items; return self
    def __mul__(self, n): return Stack(*self.items * n)
s = Stack(1, 2, 3); print(s[0], s[-1], s[1:], s[::-1], list(s), 2 in s, 9 in s, list(reversed(s)), s + Stack(4), s * 2, [*s], max(s))
t = s; t += Stack(9); print(s, t is s)
a, *b = s; print(a, b)
class Plain: pass
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def store(): Plain()[0] = 1
def delete(): del Plain()[0]
attempt("get:", lambda: Plain()[0]); attempt("set:", store); attempt("del:", delete); attempt("len:", lambda: len(Plain())); attempt("in:", lambda: 1 in Plain()); attempt("iter:", lambda: iter(Plain())); attempt("call:", lambda: Plain()()); attempt("class subscript:", lambda: Plain[0])
class Generic:
    def __class_getitem__(cls, item): return (cls.__name__, item)
print(Generic[int], Generic["a", 1])
class L(list):
    def __getitem__(self, i): return "item " + str(super().__getitem__(i))
    def __setitem__(self, i, v): super().__setitem__(i, v * 2)
    def first(self): return self[0]
l = L([1, 2, 3]); l[0] = 5; print(l[0], l.first(), list(l), len(l), l, isinstance(l, list), type(l + [1]).__name__, l == [10, 2, 3]); l.append(7); print(l[-1])
class D(dict):
    def __setitem__(self, k, v): super().__setitem__(k.upper(), v)
    def __missing__(self, k): return "missing " + k
d = D(); d["a"] = 1; print(d, d["A"], d["q"], len(d)); d.update(b=2); print(d)
class I(int):
    def __add__(self, o): return I(super().__add__(o) + 100)
    def double(self): return self * 2
i = I(5); print(i + 1, i.double(), i, type(i + 1).__name__, type(i * 2).__name__, i == 5, {i: "x"}[5], I("12"), I(3) + I(4))
class T(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    @property
    def sum(self): return self[0] + self[1]
t = T(3, 4); print(t, t.sum, len(t), t == (3, 4), t[1:])
class F(float):
    def __repr__(self): return f"F({float(self)})"
print(F(1.5), F(2.0) + 1, [F(0.5)])
