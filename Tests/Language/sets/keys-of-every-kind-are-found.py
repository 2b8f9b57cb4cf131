class Key:
    def __init__(self, value, code): self.value, self.code = value, code
    def __hash__(self): return self.code
    def __eq__(self, other): return isinstance(other, Key) and self.value == other.value
    def __repr__(self): return f"Key({self.value})"

class Number:
    def __init__(self, value): self.value = value
    def __hash__(self): return hash(self.value)
    def __eq__(self, other): return self.value == other

codes = [0, -1, -2, 1, 2**61 - 1, 2**61, 2**62, 2**63 - 1, -(2**63), -(2**62), 2**64 - 1, 2**64, -(2**64)]
keys = [Key(n, code) for n, code in enumerate(codes)]
s = set(keys)
print("hashes of any size:", len(s), all(key in s for key in keys), all(Key(n, code) in s for n, code in enumerate(codes)))
print("not there:", Key(99, 0) in s, Key(0, 1) in s)
print("one hash for all:", len({Key(n, 7) for n in range(50)}), Key(49, 7) in {Key(n, 7) for n in range(50)})
for value in (0, 1, -1, 2**61 - 1, -(2**61 - 1), 2**70, -(2**70), 0.5, 1e300, -2.5, float("inf")):
    print("equal to a number:", value, Number(value) in {value}, value in {Number(value)}, len({value, Number(value)}))
print("int, float, bool:", 1.0 in {1}, True in {1.0}, 2**70 in {2.0**70}, 2.0**70 in {2**70}, 0 in {False}, -0.0 in {0})
nan = float("nan")
print("nan:", nan in {nan}, float("nan") in {nan}, len({nan, nan}), len({nan, float("nan")}))
mixed = {None, True, 2, 2.5, "two", b"two", (2, "two"), frozenset({2}), Ellipsis, int, len, NotImplemented}
print("all kinds:", len(mixed), all(k in mixed for k in (None, 1, 2.0, 2.5, "two", b"two", (2, "two"), frozenset({2}), ..., int, len, NotImplemented)))
for key in list(mixed): mixed.remove(key)
print("emptied:", mixed, None in mixed)
many = {str(n): n for n in range(2000)}
names = set(many) | {n for n in range(2000)} | {(n, str(n)) for n in range(2000)}
print("many:", len(names), all(str(n) in names and n in names and (n, str(n)) in names for n in range(2000)), "2000" in names)
names -= set(many)
print("without the names:", len(names), "7" in names, 7 in names)
print("set in set:", {1} in {frozenset({1})}, {1} in {frozenset({2})})
class Changing:
    target = None
    def __init__(self, code): self.code = code
    def __hash__(self): return self.code
    def __eq__(self, other):
        if Changing.target is not None: Changing.target.clear(); Changing.target = None
        return False
t = {Changing(1)}; Changing.target = t
t.add(Changing(1)); print("changed while compared:", len(t))
