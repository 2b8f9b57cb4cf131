b = b"hello"
print("index:", b[0], b[-1], b[1:3], b[::-1], b[::2])
print("iterate:", list(b), [chr(c) for c in b])
print("concatenate:", b + b" world", b * 2, 2 * b"ab")
print("contains:", b"ell" in b, 104 in b, 0 in b, b"" in b)
print("compare:", b == b"hello", b < b"help", b != "hello", b"a" < b"b", b"" < b"a")
print("len:", len(b), len(b""))
print("hash:", hash(b"a") == hash(b"a"), {b"k": 1}[b"k"])
print("join:", b",".join([b"a", b"b"]), b"".join([]))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("plus str:", lambda: b + "a")
attempt("str plus:", lambda: "a" + b)
attempt("index:", lambda: b[10])
attempt("in str:", lambda: "a" in b)
attempt("in 300:", lambda: 300 in b)
attempt("join str:", lambda: b",".join(["a"]))
attempt("less str:", lambda: b < "a")
def assign():
    b[0] = 1
attempt("assign:", assign)
