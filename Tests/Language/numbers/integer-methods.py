print("bit_length:", (0).bit_length(), (255).bit_length(), (-256).bit_length(), (2 ** 100).bit_length())
print("bit_count:", (0).bit_count(), (255).bit_count(), (-7).bit_count(), (2 ** 100 - 1).bit_count())
print("to_bytes:", (1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-1).to_bytes(2, "big", signed=True), (5).to_bytes())
print("from_bytes:", int.from_bytes(b"\x04\x00", "big"), int.from_bytes(b"\x00\x04", "little"), int.from_bytes(b"\xff\xfe", "big", signed=True), int.from_bytes([1, 2], "big"))
print("parts:", (5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate())
print("ratio:", (6).as_integer_ratio())
print("dunders:", (5).__add__(3), (5).__radd__(3), (5).__neg__(), (5).__index__(), (5).__bool__(), (0).__bool__())
print("not implemented:", (5).__add__("x"), (5).__eq__("x"))
print("floor ceil trunc round:", (5).__floor__(), (5).__ceil__(), (5).__trunc__(), round(5), round(1234, -2), round(1250, -2), round(1350, -2))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("too big:", lambda: (256).to_bytes(1, "big"))
attempt("negative:", lambda: (-1).to_bytes(1, "big"))
attempt("byteorder:", lambda: (1).to_bytes(1, "middle"))
