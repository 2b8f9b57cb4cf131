from functools import total_ordering
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n if isinstance(o, V) else NotImplemented
    def __lt__(self, o): return self.n < o.n if isinstance(o, V) else NotImplemented
    def __hash__(self): return hash(self.n)
    def __repr__(self): return f"V{self.n}"
a, b = V(1), V(2)
print(a < b, a <= b, a > b, a >= b, a == V(1), a != b, sorted([b, a]), max(a, b), {a, V(1)} == {a}, a == 1, a != 1)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("lt int:", lambda: a < 1)
class Log:
    def __init__(self, name): self.name = name
    def __eq__(self, o): print(self.name, "eq"); return NotImplemented
    def __lt__(self, o): print(self.name, "lt"); return NotImplemented
    def __gt__(self, o): print(self.name, "gt"); return "from gt"
    def __le__(self, o): print(self.name, "le"); return []
x, y = Log("x"), Log("y")
print(x == y, x != y, x < y, x <= y, x > y, not x <= y)
class Sub(Log):
    def __gt__(self, o): print("sub gt"); return "sub"
print(x < Sub("s"))
class EqOnly:
    def __eq__(self, o): return True
print(EqOnly() == 5, EqOnly() != 5, 5 == EqOnly(), EqOnly() in [1], [EqOnly()] == [9])
attempt("no hash:", lambda: hash(EqOnly()))
print(EqOnly.__hash__)
class Weird:
    def __eq__(self, o): return "truthy text"
    def __ne__(self, o): return 0
    __hash__ = None
print(Weird() == 1, Weird() != 1, 1 in [Weird()])
class Child(V): pass
print(Child(1) == V(1), V(1) == Child(1), hash(Child(3)) == hash(3))
class Child2(V):
    def __eq__(self, o): return False
attempt("eq removes inherited hash:", lambda: hash(Child2(1)))
print(a.__lt__(b), a.__eq__("x"), object().__eq__(1), (1).__lt__(2.5))
