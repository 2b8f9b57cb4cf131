s = "  xx text yy  "
print("strip:", [s.strip(), s.lstrip(), s.rstrip(), "xxabcxx".strip("x"), "abcba".strip("ab"), "abc".lstrip("cba"), "mississippi".rstrip("ipz"), "\t\n x \r".strip(), "x".strip("")])
print("unicode space:", ["\u00a0\u2003x\u3000".strip()])
print("removeprefix:", ["TestHook".removeprefix("Test"), "TestHook".removeprefix("Hook"), "a".removeprefix("aa")])
print("removesuffix:", ["file.py".removesuffix(".py"), "file.py".removesuffix(".c"), "x".removesuffix("")])
print("justify:", ["ab".ljust(5) + "|", "ab".rjust(5), "ab".center(5), "abc".center(6), "ab".center(5, "*"), "ab".ljust(5, "."), "ab".rjust(1), "ab".center(6, "é")])
print("zfill:", ["42".zfill(5), "-42".zfill(5), "+4".zfill(4), "abc".zfill(2), "".zfill(2), "--1".zfill(5)])
print("expandtabs:", ["a\tb".expandtabs(), "a\tb".expandtabs(4), "\t".expandtabs(3), "ab\tc\n\td".expandtabs(4), "a\tb".expandtabs(0)])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("long fill:", lambda: "a".ljust(5, "xy"))
attempt("strip int:", lambda: "a".strip(1))
attempt("width text:", lambda: "a".center("5"))
