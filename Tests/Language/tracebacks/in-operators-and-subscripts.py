class V:
    def __add__(self, o): return self[o]
    def __getitem__(self, i): return -self
    def __neg__(self): raise ArithmeticError("bottom")
V() + 1
