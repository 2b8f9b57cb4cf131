def t(x): print("t", x, end="; "); return True
def f(x): print("f", x, end="; "); return False
print(t(1) and f(2) or t(3)); print(f(1) and t(2)); print(t(1) or f(2)); print(not t(1) and t(2)); print(t(1) if f(0) else f(2))
print([] or 0 or None or "last", [] and 5, "a" and "b" and "", 0 or [] or {}, 1 and 2 and 3)
x = None
print(x or "default", x and x.attr, x is None or x.attr, (x or {}).get("k", "none"))
print("big" if 10 > 5 else "small", ("a" if 0 else "b") + "c", [1 if v else 0 for v in (1, 0, "", "x")])
print(1 if 0 else 2 if 1 else 3, (1 if 1 else 2) if 0 else 4, lambda: 1 if 0 else 2 and None)if False else print("lambda body takes the conditional:", (lambda c: "y" if c else "n")(0))
if not []: print("empty is false")
if "0" and [0] and (0,) and {0: 0}: print("non-empty is true")
a = b = 0
if a == b == 0 and not (a or b): print("both zero")
print(any(t(i) for i in range(3)), all(f(i) for i in range(3)))
print(bool(1 and []), not (0 or ""), (0 and 1 / 0), (1 or 1 / 0))
def many(v):
    if v < 0: return "negative"
    elif v == 0: return "zero"
    elif v < 10: return "small"
    else: return "large"
print([many(v) for v in (-1, 0, 5, 50)])
