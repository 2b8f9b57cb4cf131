def g(x): raise ValueError("deep")
def f(x):
    return int(str(g(x)))
print(f(f(1)))
