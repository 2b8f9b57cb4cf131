print([], [1], [1, "a", None, 2.5, [3]], [1,], list(), list("abc"), list(range(3)), list((1, 2)), list({"a": 1}), [[]] * 2)
print("len:", len([]), len([1, 2]), bool([]), bool([0]))
a = [1, 2]; b = list(a); c = a
b.append(3); c.append(4)
print("copies:", a, b, c is a, b is a)
nested = [[0] * 2 for _ in range(2)]; shared = [[0] * 2] * 2
nested[0][0] = 1; shared[0][0] = 1
print("nesting:", nested, shared)
l = [1]; l.append(l); print("recursive:", l)
print("unpacked:", [*a, *b], [*"ab", 1])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("list of int:", lambda: list(5))
attempt("two arguments:", lambda: list(1, 2))
attempt("keyword:", lambda: list(iterable=[]))
attempt("hash:", lambda: hash([]))
attempt("as key:", lambda: {[]: 1})
