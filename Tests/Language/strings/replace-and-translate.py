s = "one two one two one"
print("replace:", s.replace("one", "1"), "|", s.replace("one", "1", 2), "|", s.replace("x", "y"), "|", s.replace("two", ""), "|", s.replace("one", "1", 0), "|", s.replace("one", "1", -1))
print("replace empty:", "abc".replace("", "-"), "abc".replace("", "-", 2), "".replace("", "x"))
table = str.maketrans("abc", "xyz", "d")
print("translate:", "aabbccdd e".translate(table))
print("maketrans dict:", "abc".translate(str.maketrans({"a": "AA", "b": None, ord("c"): "C"})))
print("mapping:", "abc".translate({97: "1", 98: 50, 99: None}))
print("table:", str.maketrans("ab", "cd"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("unequal:", lambda: str.maketrans("ab", "c"))
attempt("long key:", lambda: str.maketrans({"ab": "c"}))
attempt("replace arity:", lambda: "a".replace("b"))
attempt("replace types:", lambda: "a".replace("a", 1))
