def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
print("text:", float("1.5"), float("  -2e3 "), float("1_0.5"), float(".5"), float("5."), float("1E5"), float("+1"))
print("special:", float("inf"), float("-Infinity"), float("NaN"), float("iNf"))
print("numbers:", float(3), float(True), float(10 ** 20), float())
print("bytes:", float(b"2.5"))
attempt("word:", lambda: float("abc"))
attempt("empty:", lambda: float(""))
attempt("none:", lambda: float(None))
attempt("comma:", lambda: float("1,5"))
attempt("two points:", lambda: float("1.2.3"))
attempt("list:", lambda: float([1]))
class Floated:
    def __float__(self): return 2.5
class Indexed:
    def __index__(self): return 7
class Wrong:
    def __float__(self): return "x"
print("dunders:", float(Floated()), float(Indexed()))
attempt("wrong type:", lambda: float(Wrong()))
