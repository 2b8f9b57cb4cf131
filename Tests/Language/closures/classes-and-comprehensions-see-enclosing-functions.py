def f(x):
    class C:
        y = x
        def get(self): return x
        def both(self): return [x + i for i in range(2)]
    x = x * 2
    return C
C = f(5); print(C.y, C().get(), C().both())
def g():
    total = 0
    def add(xs):
        nonlocal total
        for v in xs: total += v
        return {k: total + k for k in range(2)}
    return add([1, 2]), total
print(g())
x = "global"
def h():
    x = "function"
    class D:
        print("in class:", x)
        x = "class"
        print("after:", x)
        def m(self): return x
    return D().m(), D.x
print(h())
def nonlocal_in_class():
    n = 1
    class E:
        nonlocal n
        n = 2
    return n, hasattr(E, "n")
print(nonlocal_in_class())
def generator_closure():
    items = []
    def gen():
        for i in range(3):
            items.append(i)
            yield len(items)
    return list(gen()), items
print(generator_closure())
def exception_closure():
    try:
        1 / 0
    except ZeroDivisionError as e:
        f = lambda: str(e)
        print(f())
    try:
        f()
    except NameError as error:
        print(type(error).__name__ + ":", error)
exception_closure()
def counter_class():
    count = 0
    class K:
        def __init__(self):
            nonlocal count
            count += 1
    [K() for _ in range(4)]
    return count
print(counter_class())
def conditional(flag):
    if flag:
        v = 1
    def f(): return v
    try: return f()
    except NameError as error: return str(error)
print(conditional(True), conditional(False))
