print("arithmetic:", True + True, True * 5, False - 1, True / 2, -True)
print("comparison:", True == 1, False == 0, True < 2, True is True)
print("index:", ["no", "yes"][True])
print("type:", type(True), isinstance(True, int), type(True + 0))
print("text:", str(True), repr(False), f"{True}", f"{True:d}", f"{True:5}", "%d" % True, "%s" % False)
print("keys:", {True: "a", 1: "b", 1.0: "c"})
print("truth of values:", bool(0), bool(0.0), bool(""), bool([]), bool({}), bool(None), bool(()), bool(set()), bool(range(0)))
print("truth of values:", bool(-1), bool(0.1), bool("0"), bool([0]), bool({0: 0}), bool((None,)), bool(range(1)))
print("and or return operands:", 0 or "x", 1 and "y", "" or [] or "z", 1 and 0 and 2, None or 0)
print("not:", not 0, not "a", not None)
print("sum:", sum([True, False, True]), sum(x > 2 for x in range(5)))
class Truth:
    def __init__(self, value): self.value = value
    def __bool__(self): return self.value
class Sized:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print("dunders:", bool(Truth(True)), bool(Truth(False)), bool(Sized(0)), bool(Sized(3)))
try:
    bool(Truth(5))
except TypeError as error:
    print("bad bool:", error)
try:
    bool(Sized(-1))
except ValueError as error:
    print("bad len:", error)
