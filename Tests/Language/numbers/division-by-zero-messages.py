def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
zero = 0
attempt("int /", lambda: 1 / zero)
attempt("int //", lambda: 1 // zero)
attempt("int %", lambda: 1 % zero)
attempt("divmod", lambda: divmod(1, zero))
attempt("float /", lambda: 1.0 / zero)
attempt("float //", lambda: 1.0 // zero)
attempt("float %", lambda: 1.0 % zero)
attempt("float divmod", lambda: divmod(1.0, 0.0))
attempt("0 ** -1", lambda: zero ** -1)
attempt("0.0 ** -1", lambda: 0.0 ** -1)
attempt("pow mod 0", lambda: pow(2, 3, zero))
attempt("pow no inverse", lambda: pow(2, -1, 4))
attempt("big / 0", lambda: 10 ** 30 // zero)
attempt("True / False", lambda: True / False)
