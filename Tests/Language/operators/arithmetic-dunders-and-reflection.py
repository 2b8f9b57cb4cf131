names = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "lshift": "<<", "rshift": ">>", "and": "&", "or": "|", "xor": "^", "matmul": "@"}
class L:
    def __init__(self, n="L"): self.n = n
    def __repr__(self): return self.n
for name in names:
    def forward(self, o, name=name): return f"{name}({self},{o})"
    def reflected(self, o, name=name): return f"r{name}({self},{o})"
    def inplace(self, o, name=name): return L(f"i{name}({self},{o})")
    setattr(L, f"__{name}__", forward); setattr(L, f"__r{name}__", reflected); setattr(L, f"__i{name}__", inplace)
a = L()
print(a + 1, a - 1, a * 1, a / 1, a // 1, a % 1, a ** 1, a << 1, a >> 1, a & 1, a | 1, a ^ 1, a @ 1)
print(1 + a, 1 - a, 1 * a, 1 / a, 1 // a, 1 % a, 1 ** a, 1 << a, 1 >> a, 1 & a, 1 | a, 1 ^ a, 1 @ a)
for op in names.values():
    x = L("x")
    if op == "+": x += 1
    elif op == "-": x -= 1
    elif op == "*": x *= 1
    elif op == "/": x /= 1
    elif op == "//": x //= 1
    elif op == "%": x %= 1
    elif op == "**": x **= 1
    elif op == "<<": x <<= 1
    elif op == ">>": x >>= 1
    elif op == "&": x &= 1
    elif op == "|": x |= 1
    elif op == "^": x ^= 1
    else: x @= 1
    print(x, end=" ")
print()
print("str:", "a" + a if hasattr(str, "__radd__") else "text + L uses radd:", "x" * 1)
print([1] + a, (1,) + a, 1.5 + a, None + a, {} | a, "%s" % a)
class Unary:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "invert"
    def __divmod__(self, o): return ("divmod", o)
    def __rdivmod__(self, o): return ("rdivmod", o)
    def __pow__(self, e, m=None): return ("pow", e, m)
u = Unary(); print(-u, +u, ~u, not u, divmod(u, 1), divmod(2, u), pow(u, 2), pow(u, 2, 5), u ** 3)
