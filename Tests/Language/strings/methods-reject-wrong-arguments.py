def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("unknown method:", lambda: "a".foo())
attempt("too many:", lambda: "a".upper(1))
attempt("keyword:", lambda: "a".lower(x=1))
attempt("not callable:", lambda: "a"())
attempt("unbound:", lambda: str.upper("abc"))
attempt("unbound wrong self:", lambda: str.upper(1))
attempt("unbound none:", lambda: str.join())
attempt("set attribute:", lambda: setattr("a", "x", 1))
