b = b"the cat sat on the mat"
print("find:", b.find(b"at"), b.rfind(b"at"), b.index(b"cat"), b.find(b"zz"), b.count(b"at"), b.find(97))
print("split:", b.split(), b"a,b,,c".split(b","), b"a,b,c".split(b",", 1), b"a,b,c".rsplit(b",", 1), b"a\nb\r\n".splitlines(), b"k=v".partition(b"="))
print("strip:", b"  x ".strip(), b"xxabxx".strip(b"x"), b" a".lstrip(), b"a ".rstrip(), b"pre-x".removeprefix(b"pre-"), b"x.py".removesuffix(b".py"))
print("case:", b"aBc".upper(), b"aBc".lower(), b"hello world".title(), b"hello".capitalize(), b"aB".swapcase())
print("replace:", b.replace(b"the", b"a"), b.replace(b"the", b"a", 1))
print("pad:", b"ab".ljust(4) + b"|", b"ab".rjust(4, b"."), b"ab".center(5, b"*"), b"-5".zfill(4), b"a\tb".expandtabs(4))
print("is:", b"abc".isalpha(), b"12".isdigit(), b"a1".isalnum(), b" ".isspace(), b"AB".isupper(), b"ab".islower(), b"A".istitle(), b"\xff".isascii())
print("starts:", b.startswith(b"the"), b.endswith((b"x", b"mat")), b.startswith(b"cat", 4))
print("hex:", b"\x00\xff\x10".hex(), b"abcdef".hex("-"), b"abcdef".hex(":", 2), bytes.fromhex("00ff 10"), bytes.fromhex("DEADbeef"))
print("translate:", b"abc".translate(bytes.maketrans(b"ab", b"xy")), b"abc".translate(None, b"b"))
print("decode:", b"abc".decode(), b"\xe9".decode("latin-1"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("index missing:", lambda: b.index(b"dog"))
attempt("find str:", lambda: b.find("a"))
attempt("replace str:", lambda: b.replace("a", "b"))
attempt("split str:", lambda: b.split(","))
attempt("fromhex:", lambda: bytes.fromhex("zz"))
attempt("startswith str:", lambda: b.startswith("a"))
attempt("attribute:", lambda: b.encode())
