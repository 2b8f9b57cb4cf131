print(b"", b"abc", b"it's", b'"', b"'\"", b"\t\n\r\\", b"\x00\x7f\x80\xff")
print(bytes(), bytes(3), bytes([1, 2, 255]), bytes(range(5)), bytes("é", "utf-8"), bytes(b"copy"), bytes((65, 66)))
print("str:", str(b"a"), repr(b"a"), f"{b'x'}", "%s" % b"y")
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("str without encoding:", lambda: bytes("a"))
attempt("256:", lambda: bytes([256]))
attempt("-1:", lambda: bytes([-1]))
attempt("negative count:", lambda: bytes(-1))
attempt("floats:", lambda: bytes([1.5]))
attempt("float:", lambda: bytes(1.5))
attempt("strings:", lambda: bytes(["a"]))
class B:
    def __bytes__(self): return b"dunder"
print(bytes(B()))
