s = "a,b,,c,"
print("split:", s.split(","), s.split(",", 1), s.split(",", maxsplit=2), s.split(",", 0), "".split(","), "".split())
print("whitespace:", "  a  b\t\nc  ".split(), " a b c ".split(None, 1), "   ".split(), "a b c d".split(maxsplit=2))
print("rsplit:", s.rsplit(","), s.rsplit(",", 1), " a b c ".rsplit(None, 1), "a--b--c".rsplit("--", 1))
print("long separator:", "a<>b<>c".split("<>"), "aaa".split("aa"))
print("splitlines:", "a\nb\r\nc\rd".splitlines(), "a\nb\n".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "a\x0bb\x0cc\u2028d".splitlines())
print("partition:", "k=v=w".partition("="), "kv".partition("="), "k=v=w".rpartition("="), "kv".rpartition("="))
print("join:", ",".join(["a", "b"]), "".join("abc"), "-".join([]), "x".join(["only"]), ", ".join(str(i) for i in range(4)), "-".join({"k": 1, "l": 2}))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("empty separator:", lambda: s.split(""))
attempt("join ints:", lambda: ",".join([1, 2]))
attempt("join mixed:", lambda: ",".join(["a", None]))
attempt("join not iterable:", lambda: ",".join(5))
attempt("partition empty:", lambda: s.partition(""))
attempt("split int:", lambda: s.split(1))
