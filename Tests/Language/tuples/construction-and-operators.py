print((), (1,), (1, 2), 1, (1, "a", None, (2,)), tuple(), tuple([1, 2]), tuple("ab"), tuple(range(3)))
t = 1, 2, 3
print("without parentheses:", t, (1) == 1, (1,)[0])
print("index:", t[0], t[-1], t[1:], t[::-1], t[5:])
print("operators:", t + (4,), t * 2, 2 * (0,), 2 in t, 9 not in t, len(t))
print("compare:", (1, 2) == (1, 2), (1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == [1, 2], () < (0,), (1, "b") > (1, "a"))
print("methods:", t.count(2), t.index(3), (1, 1.0, True).count(1))
print("hash:", hash((1, 2)) == hash((1, 2)), {(1, 2): "x"}[1, 2], hash(()) == hash(()))
print("nested:", ((1, 2), (3, (4,)))[1][1][0])
print("unpack:", (*t, *"ab"), *t)
a, b = 1, 2
a, b = b, a
print("swap:", a, b)
s = t; s += (9,); print("augmented makes a new one:", s, t)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def assign(): t[0] = 1
def delete(): del t[0]
attempt("assign:", assign)
attempt("delete:", delete)
attempt("index:", lambda: t[10])
attempt("text index:", lambda: t["a"])
attempt("missing:", lambda: t.index(99))
attempt("append:", lambda: t.append(1))
attempt("hash of list inside:", lambda: hash((1, [])))
attempt("plus list:", lambda: t + [1])
attempt("called:", lambda: (1, 2)(3))
mixed = ([1], 2)
try:
    mixed[0] += [5]
except TypeError as error:
    print("in place on element:", error, mixed)
