class Both:
    def __str__(self): return "str!"
    def __repr__(self): return "repr!"
class OnlyRepr:
    def __repr__(self): return "only repr"
class Bad:
    def __str__(self): return 5
    def __repr__(self): return None
print("str:", str(1), str(1.5), str(None), str(True), str([1, "a"]), str({"a": (1,)}), str())
print("classes:", str(Both()), repr(Both()), str(OnlyRepr()), [Both()], f"{Both()} {Both()!r}")
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("str returns int:", lambda: str(Bad()))
attempt("repr returns none:", lambda: repr(Bad()))
print("types:", str(int), repr(str), str(type(None)), str(Both), type("a"))
print("singletons:", repr(None), repr(...), repr(NotImplemented), str(Ellipsis))
print("ascii:", ascii("é"), ascii([1, "ü"]))
print("recursive:", end=" ")
l = [1]; l.append(l); d = {}; d["self"] = d
print(l, d)
class Sub(str):
    def shout(self): return self.upper() + "!"
sub = Sub("abc")
print("subclass:", sub, sub.shout(), type(sub).__name__, type(sub + "x").__name__, sub == "abc", {sub: 1}["abc"], len(sub))
