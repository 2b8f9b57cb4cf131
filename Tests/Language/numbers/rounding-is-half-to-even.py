print("to integer:", round(0.5), round(1.5), round(2.5), round(-0.5), round(-1.5), round(2.6), round(2.4))
print("digits:", round(2.675, 2), round(1.005, 2), round(3.14159, 3), round(1234.5678, -2), round(0.15, 1), round(2.5, 0), round(1e22, 2))
print("types:", type(round(2.5)).__name__, type(round(2.5, 0)).__name__, type(round(5, 1)).__name__, type(round(2.5, None)).__name__)
print("ints:", round(15, -1), round(25, -1), round(-15, -1), round(149, -2), round(5), round(5, 3))
print("large:", round(1e300), round(123456789.123456789, 4), round(5e-324, 300))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("nan:", lambda: round(float("nan")))
attempt("inf:", lambda: round(float("inf")))
attempt("str:", lambda: round("1"))
attempt("digits float:", lambda: round(1.5, 1.0))
class R:
    def __round__(self, digits=None): return ("rounded", digits)
print("dunder:", round(R()), round(R(), 2))
