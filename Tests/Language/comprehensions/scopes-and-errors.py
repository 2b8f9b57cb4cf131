n = 10
print("global:", [n + x for x in range(2)])
def f(k):
    return [k + x + n for x in range(k)], {x: [y * k for y in range(x)] for x in range(3)}
print("closure:", f(2))
class C:
    items = [1, 2, 3]
    doubled = [x * 2 for x in items]
    try:
        bad = [x * factor for factor in [2] for x in items]
    except NameError as error:
        print("class scope:", error)
print(C.doubled)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("not iterable:", lambda: [x for x in 5])
attempt("error inside:", lambda: [1 / x for x in (1, 0)])
attempt("unpack error:", lambda: [a for a, b in [(1,)]])
attempt("undefined:", lambda: [undefined for x in (1,)])
attempt("empty hides undefined:", lambda: [undefined for x in ()])
attempt("leaked:", lambda: ([leak for leak in range(2)], leak))
attempt("stop iteration in generator:", lambda: list(next(iter([])) for _ in range(1)))
def outer():
    fs = []
    for i in range(3):
        fs.append([lambda: i + j for j in range(2)])
    return [[g() for g in row] for row in fs]
print("late binding:", outer())
gen = (x for x in undefined_later) if False else (x for x in [1])
print("lazy:", list(gen))
def gen_scope():
    t = 5
    g = (t + x for x in range(2))
    t = 100
    return list(g)
print("free variables are late:", gen_scope())
print("walrus in function:", (lambda: [last := i for i in range(3)] and last)())
