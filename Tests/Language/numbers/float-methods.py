print("is_integer:", (1.0).is_integer(), (1.5).is_integer(), float("inf").is_integer())
print("ratio:", (0.75).as_integer_ratio(), (0.1).as_integer_ratio(), (-2.0).as_integer_ratio())
print("hex:", (1.0).hex(), (0.1).hex(), (-2.5).hex(), (0.0).hex(), float("inf").hex(), (5e-324).hex())
print("fromhex:", float.fromhex("0x1.8p1"), float.fromhex("-0x1.999999999999ap-4"), float.fromhex("inf"), float.fromhex("ff"))
print("parts:", (1.5).real, (1.5).imag, (1.5).conjugate())
print("trunc floor ceil:", (1.7).__trunc__(), (-1.2).__floor__(), (1.2).__ceil__())
print("dunders:", (1.5).__add__(2), (1.5).__add__("x"), (1.5).__bool__(), (2.0).__int__(), (2.5).__float__())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("inf ratio:", lambda: float("inf").as_integer_ratio())
attempt("nan ratio:", lambda: float("nan").as_integer_ratio())
attempt("fromhex bad:", lambda: float.fromhex("zz"))
