for spec in ["", "d", "5", "<5", ">5", "^5", "05", "+", " ", "-", "+5d", "*^9", "x", "X", "#x", "#010x", "b", "#b", "o", "#o", "c", ",", "_", "08,", "_b", "_x", "n", "e", ".2f", "g", "%", "=+6", "0=6", "10,d", "#_b"]:
    try:
        print(repr(spec), [format(value, spec) for value in (65, 12345)], format(-42, spec) if spec != "c" else "")
    except Exception as error:
        print(repr(spec), type(error).__name__ + ":", error)
print(format(10 ** 20, ","), format(2 ** 64, "_x"), format(10 ** 30, "d"), format(10 ** 30, ".3e"), format(True, "d"), format(True, "5"), format(0, "06"), format(-7, "06"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("precision:", lambda: format(5, ".2d"))
attempt("s:", lambda: format(5, "s"))
attempt("unknown:", lambda: format(5, "y"))
attempt("comma with x:", lambda: format(5, ",x"))
attempt("both separators:", lambda: format(5, ",_"))
attempt("sign with c:", lambda: format(5, "+c"))
attempt("junk:", lambda: format(5, "5 5"))
