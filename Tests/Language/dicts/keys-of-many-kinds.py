class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return self.n % 3
    def __eq__(self, other): return isinstance(other, Key) and self.n == other.n
    def __repr__(self): return f"K{self.n}"
d = {Key(i): i for i in range(10)}
print("colliding:", d[Key(7)], Key(4) in d, Key(11) in d, len(d))
del d[Key(1)]; d[Key(4)] = "four"; print(d)
class NoHash:
    def __eq__(self, other): return True
try:
    {NoHash(): 1}
except TypeError as error:
    print("eq without hash:", error)
class BadHash:
    def __hash__(self): return "x"
try:
    {BadHash(): 1}
except TypeError as error:
    print("bad hash:", error)
class BadEq:
    def __hash__(self): return 1
    def __eq__(self, other): raise ValueError("eq failed")
try:
    {BadEq(): 1, BadEq(): 2}
except ValueError as error:
    print("eq raised:", error)
print("numbers:", {1: "a"}[1.0], {1: "a"}[True], {0.5: "h"}[1 / 2], {2 ** 70: "big"}[2 ** 70], {-1: "m", -2: "n"}[-2])
print("none and ellipsis:", {None: 1, ...: 2}[None], {...: 2}[...])
print("functions and types:", {int: "i", len: "l"}[int], {print: 1}[print])
print("frozenset:", {frozenset({1, 2}): "fs"}[frozenset([2, 1])])
print("bytes and str differ:", len({"a": 1, b"a": 2}))
nan = float("nan"); print("nan:", {nan: 1}[nan], len({float("nan"): 1, float("nan"): 2}))
d = {}
for i in range(1000): d[i * 7919 % 1009] = i
for i in range(0, 1000, 3): d.pop(i * 7919 % 1009)
print("many:", len(d), sum(d), list(d)[:5], list(d)[-3:])
