for spec in ["", "s", "10", "<10", ">10", "^10", "*^10", ".2", "10.2", "_<8.3s", "05", "é>6"]:
    print(repr(spec), [format("héllo", spec) + "|"])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("d:", lambda: format("a", "d"))
attempt("sign:", lambda: format("a", "+"))
attempt("equals:", lambda: format("a", "=5"))
attempt("comma:", lambda: format("a", ","))
attempt("list with spec:", lambda: format([], "5"))
attempt("none with spec:", lambda: f"{None:>5}")
attempt("object:", lambda: format(object(), "x"))
attempt("tuple no spec:", lambda: format((1, 2), ""))
attempt("tuple str:", lambda: "{!s:>8}".format((1, 2)))
