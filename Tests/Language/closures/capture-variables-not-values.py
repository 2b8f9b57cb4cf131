def counter():
    n = 0
    def bump(by=1):
        nonlocal n
        n += by
        return n
    return bump
a, b = counter(), counter()
print(a(), a(), b(), a(5), b())
def make():
    x = 1
    def get(): return x
    def put(v):
        nonlocal x
        x = v
    return get, put
get, put = make(); put(9); print(get())
fs = []
for i in range(3):
    def f(): return i
    fs.append(f)
print([f() for f in fs])
fs = [(lambda n: lambda: n)(i) for i in range(3)]; print([f() for f in fs])
def outer(a):
    def mid(b):
        def inner(c): return a, b, c
        return inner
    return mid
print(outer(1)(2)(3))
def deep():
    x = "deep"
    def one():
        def two():
            nonlocal x
            x += "er"
            return x
        return two
    t = one()()
    return t, x
print(deep())
def params(a, *args, **kw):
    return lambda: (a, args, kw)
print(params(1, 2, k=3)())
def late():
    def f(): return y
    y = 5
    return f()
print(late())
def unbound():
    def f(): return z
    try:
        f()
    except NameError as error:
        print(type(error).__name__ + ":", error)
    z = 1
unbound()
def deleted():
    v = 1
    def f(): return v
    del v
    try:
        f()
    except NameError as error:
        print(type(error).__name__ + ":", error)
deleted()
print(a.__closure__[0].cell_contents)
def compose(*fs):
    def run(x):
        for f in reversed(fs): x = f(x)
        return x
    return run
print(compose(str, lambda x: x + 1, lambda x: x * 2)(5))
def loop_capture():
    out = []
    for i in range(2):
        x = i * 10
        out.append(lambda: (i, x))
    return [f() for f in out]
print(loop_capture())
def self_reference():
    def f(n): return 1 if n == 0 else n * f(n - 1)
    return f
print(self_reference()(5))
