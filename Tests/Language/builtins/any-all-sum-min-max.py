print(any([]), all([]), any([0, 1]), all([1, 0]), any(x for x in "a"), all({}))
print(sum([]), sum([1, 2], 10), sum([0.1, 0.2, 0.3]), sum([[1], [2]], []), sum((x for x in range(4))), sum([1, 2.5, True]), sum([2 ** 62, 2 ** 62]), sum([1], start=5))
print(min(1, 2), max("b", "a"), min([3, 1, 2]), max({"a": 1, "b": 0}), min("hello"), max([1, 5, 3], key=lambda x: -x), min([], default=None), max("aa", "b", key=len), min((1, "a"), (0, "z")), max(1, 1.0), min(1.0, 1), max([[1, 2], [1, 3]]))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("min empty:", lambda: min([]))
attempt("max no arguments:", lambda: max())
attempt("max one int:", lambda: max(5))
attempt("min mixed:", lambda: min(1, "a"))
attempt("max default with many:", lambda: max(1, 2, default=3))
attempt("sum none:", lambda: sum([None]))
attempt("sum int:", lambda: sum(5))
attempt("any int:", lambda: any(5))
attempt("max bad key:", lambda: max([1], key=5))
attempt("sum bytes:", lambda: sum([b"a"], b""))
