import copy
a = [1, [2, 3], {"k": [4]}]
s, d = copy.copy(a), copy.deepcopy(a)
a[1].append(9); a[2]["k"].append(8)
print(a, s, d, s[1] is a[1], d[1] is a[1])
class P:
    def __init__(self): self.x = [1]; self.me = self
p = P(); q = copy.copy(p); r = copy.deepcopy(p); p.x.append(2); print(q.x, r.x, q.me is p, r.me is r, type(r).__name__)
l = [1]; l.append(l); m = copy.deepcopy(l); print(m[1] is m, m is l)
shared = [0]; t = copy.deepcopy([shared, shared]); print(t[0] is t[1], t[0] is shared)
for v in (1, "a", None, 2.5, (1, 2), frozenset([1]), len, int, b"x", True, range(3)): print(copy.copy(v) is v, copy.deepcopy(v) is v, end="; ")
print(); tt = (1, [2]); print(copy.deepcopy(tt) == tt, copy.deepcopy(tt)[1] is tt[1], copy.copy({1, 2}) == {1, 2}, copy.deepcopy({"a": {1: [2]}}), copy.copy(range(3)))
class C:
    def __init__(self, v): self.v = v
    def __copy__(self): return C("copied")
    def __deepcopy__(self, memo): return C("deep " + type(memo).__name__)
print(copy.copy(C(1)).v, copy.deepcopy([C(1)])[0].v)
class L(list): pass
z = L([1, [2]]); z.tag = "t"; y = copy.deepcopy(z); print(type(y).__name__, y, y.tag, y[1] is z[1], copy.copy(z).tag)
class Slots:
    __slots__ = ("a",)
w = Slots(); w.a = [1]; v = copy.deepcopy(w); print(v.a, v.a is w.a)
class S:
    def __getstate__(self): return {"kept": self.kept}
    def __setstate__(self, st): self.restored = st
k = S(); k.kept = 5; k.lost = 6; print(vars(copy.copy(k)))
print([1, 2].copy(), {"a": 1}.copy(), {1}.copy(), copy.deepcopy(P).__name__, copy.deepcopy(print) is print)
