def twice(f):
    def wrapper(*args, **kw):
        return f(*args, **kw) * 2
    return wrapper
def add(n):
    def decorate(f):
        return lambda *args: f(*args) + n
    return decorate
@twice
def five(): return 5
@add(1)
@twice
@add(10)
def one(x): return x
print(five(), one(1))
def show(label):
    print("evaluating", label)
    def decorate(f):
        print("applying", label)
        return f
    return decorate
@show("outer")
@show("inner")
def ordered(): pass
registry = {}
def register(name):
    return lambda f: registry.setdefault(name, f)
@register("a")
def fa(): return "A"
print(registry["a"](), fa())
class Count:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a): self.n += 1; return self.f(*a)
@Count
def counted(x): return x
counted(1); counted(2); print(counted.n)
def class_decorator(cls):
    cls.extra = "added"
    return cls
@class_decorator
class K: pass
print(K.extra)
ops = [lambda f: f, twice]
@ops[1]
def expr(): return "ab"
print(expr())
@(lambda f: "replaced")
def gone(): pass
print(gone)
import functools
def keep(f):
    @functools.wraps(f)
    def w(): return f()
    return w
@keep
def named():
    "the doc"
print(named.__name__, named.__doc__, named.__wrapped__() is None)
try:
    @5
    def bad(): pass
except TypeError as error:
    print("TypeError:", error)
