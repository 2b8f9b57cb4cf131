print(b"%d items" % 5, b"%s and %b" % (b"x", b"y"), b"%5.2f|" % 3.14159, b"%x %X %o" % (255, 255, 8), b"%c%c" % (65, b"B"), b"%%" % (), b"%(k)s" % {b"k": b"v"}, b"%5d|%-5d|%05d" % (1, 2, 3), b"%a %r" % ("é", "x"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("str:", lambda: b"%s" % "a")
attempt("missing:", lambda: b"%d %d" % 1)
attempt("extra:", lambda: b"%d" % (1, 2))
