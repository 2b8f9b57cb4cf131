for s in ("hello World", "ÀÉÎ straße", "ǆ", "they're bill's", "3d MODEL", "", "ΑΣ", "ﬁne"):
    print([s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()])
print("istitle:", "Hello World".istitle(), "Hello world".istitle(), "".istitle())
print("compare ignoring case:", "STRASSE".casefold() == "straße".casefold())
