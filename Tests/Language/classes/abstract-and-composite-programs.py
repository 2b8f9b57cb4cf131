class Shape:
    def area(self): raise NotImplementedError(f"{type(self).__name__} has no area")
    def describe(self): return f"{type(self).__name__} of area {self.area():.2f}"
class Circle(Shape):
    def __init__(self, r): self.r = r
    def area(self): return 3.14159 * self.r ** 2
class Square(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
for s in (Circle(1), Square(2)): print(s.describe())
try: Shape().describe()
except NotImplementedError as error: print("NotImplementedError:", error)
class Node:
    def __init__(self, v, left=None, right=None): self.v, self.left, self.right = v, left, right
    def insert(self, v):
        side = "left" if v < self.v else "right"
        child = getattr(self, side)
        if child: child.insert(v)
        else: setattr(self, side, Node(v))
    def __iter__(self):
        if self.left: yield from self.left
        yield self.v
        if self.right: yield from self.right
    def depth(self): return 1 + max((c.depth() for c in (self.left, self.right) if c), default=0)
root = Node(50)
for v in (30, 70, 20, 40, 60, 80, 10): root.insert(v)
print(list(root), root.depth(), 40 in root)
class Matrix:
    def __init__(self, rows): self.rows = rows
    def __matmul__(self, o): return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])
    def __repr__(self): return "\n".join(" ".join(map(str, r)) for r in self.rows)
print(Matrix([[1, 2], [3, 4]]) @ Matrix([[0, 1], [1, 0]]))
class Money:
    def __init__(self, cents): self.cents = cents
    def __add__(self, o): return Money(self.cents + (o.cents if isinstance(o, Money) else o))
    __radd__ = __add__
    def __str__(self): return f"${self.cents // 100}.{self.cents % 100:02}"
print(sum([Money(150), Money(275)]), Money(5))
class Account:
    def __init__(self): self.balance, self.history = 0, []
    def deposit(self, n):
        if n <= 0: raise ValueError("deposit must be positive")
        self.balance += n; self.history.append(("deposit", n)); return self
    def withdraw(self, n):
        if n > self.balance: raise RuntimeError(f"insufficient funds: {self.balance} < {n}")
        self.balance -= n; self.history.append(("withdraw", n)); return self
a = Account().deposit(100).withdraw(30); print(a.balance, a.history)
for act in (lambda: a.withdraw(1000), lambda: a.deposit(-1)):
    try: act()
    except (ValueError, RuntimeError) as error: print(type(error).__name__, error)
class Visitor:
    def visit(self, n): return getattr(self, "visit_" + type(n).__name__, self.generic)(n)
    def generic(self, n): return f"generic {n}"
    def visit_int(self, n): return n + 1
    def visit_list(self, n): return [self.visit(x) for x in n]
print(Visitor().visit([1, [2, "x"], 3.5]))
class Meta:
    class Inner:
        value = 1
        class Deep: value = 2
    def make(self): return self.Inner.Deep()
print(Meta.Inner.value, Meta().make().value, Meta.Inner.Deep.__qualname__)
