def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
print("from text:", int("42"), int(" -17 "), int("+5"), int("1_000"), int("0"), int("007"))
print("bases:", int("ff", 16), int("0xff", 16), int("0b11", 2), int("z", 36), int("0o17", 0), int("0x1F", 0), int("10", 0), int("-11", 2))
print("from float:", int(3.9), int(-3.9), int(1e20), int(-0.5))
print("from bool:", int(True), int(False))
print("from bytes:", int(b"12"))
print("no argument:", int())
print("unicode digits:", int("٣٤"))
attempt("word:", lambda: int("abc"))
attempt("empty:", lambda: int(""))
attempt("float text:", lambda: int("1.5"))
attempt("double underscore:", lambda: int("1__0"))
attempt("base 2:", lambda: int("12", 2))
attempt("bad base:", lambda: int("1", 1))
attempt("none:", lambda: int(None))
attempt("list:", lambda: int([]))
attempt("base with number:", lambda: int(5, 10))
attempt("nan:", lambda: int(float("nan")))
attempt("inf:", lambda: int(float("inf")))
attempt("leading zero base 0:", lambda: int("010", 0))
class Indexed:
    def __index__(self): return 7
class Inted:
    def __int__(self): return 9
print("dunders:", int(Indexed()), int(Inted()), [10, 11, 12, 13, 14, 15, 16, 17][Indexed()])
attempt("digits limit:", lambda: int("1" * 5000))
attempt("str limit:", lambda: str(10 ** 5000))
