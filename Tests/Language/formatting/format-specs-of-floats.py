values = [3.14159, -2.5, 0.0, 1e10, 1e-7, 123456789.123, float("inf"), float("nan")]
for spec in ["", "f", ".2f", "10.3f", "<10.1f", "+.1f", " .1f", "010.2f", ",.2f", "_.1f", "e", ".3e", "E", "g", ".3g", "G", "#g", "n", "%", ".1%", ".0f", "#.0f", "*^12.2f", ".5", "10", "z.1f"]:
    print(repr(spec), [format(value, spec) for value in values])
print(format(2.675, ".2f"), format(0.5, ".0f"), format(1.5, ".0f"), format(1e300, ".1f")[:10], format(0.1, ".20f"), format(1e16, ""), format(1e15, ""), format(123.0, ".0e"))
print(format(0.00001, "g"), format(0.0001, "g"), format(1e6, "g"), format(999999.5, "g"), format(1234567.0, "g"), format(100.0, ".3"), format(1e5, ".3"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("d:", lambda: format(1.5, "d"))
attempt("x:", lambda: format(1.5, "x"))
attempt("s:", lambda: format(1.5, "s"))
attempt("missing precision:", lambda: format(1.5, ".f"))
