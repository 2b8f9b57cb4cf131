def f(a, b):
    if not a < -b:
        return a
f(1, "x")
