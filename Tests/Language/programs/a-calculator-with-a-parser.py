import re
class Parser:
    def __init__(self, text): self.tokens = re.findall(r"\d+\.?\d*|[-+*/()^]", text); self.i = 0
    def peek(self): return self.tokens[self.i] if self.i < len(self.tokens) else None
    def take(self): t = self.peek(); self.i += 1; return t
    def expr(self):
        v = self.term()
        while self.peek() in ("+", "-"): v = v + self.term() if self.take() == "+" else v - self.term()
        return v
    def term(self):
        v = self.power()
        while self.peek() in ("*", "/"): v = v * self.power() if self.take() == "*" else v / self.power()
        return v
    def power(self):
        b = self.atom()
        if self.peek() == "^": self.take(); return b ** self.power()
        return b
    def atom(self):
        t = self.take()
        if t == "(":
            v = self.expr()
            if self.take() != ")": raise SyntaxError("expected )")
            return v
        if t == "-": return -self.atom()
        if t is None: raise SyntaxError("unexpected end")
        return float(t) if "." in t else int(t)
for s in ("1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-4 / 2", "1.5 * 4", "1 / 0", "(1", "2 +"):
    try: print(s, "=", Parser(s).expr())
    except (SyntaxError, ZeroDivisionError) as e: print(s, "->", type(e).__name__, e)
