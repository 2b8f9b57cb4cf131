print("{} {}".format("a", 1), "{0} {1} {0}".format("x", "y"), "{a} {b}".format(a=1, b=2), "{} {k}".format(1, k=2), "{{}}".format(), "{:>5}|{:<5}|{:^5}|".format(1, 2, 3))
print("{0[1]} {0[0]}".format([10, 20]), "{d[key]}".format(d={"key": "v"}), "{0.real}".format(5), "{p.x.y}".format(p=type("P", (), {"x": type("Q", (), {"y": 9})})))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{0!r:>6}".format("a"), "{:{}}|{:{w}.{p}f}".format("a", 5, 3.14159, w=8, p=2))
print("{:d} {:x} {:e}".format(1, 255, 1.5), "{:,}".format(1234567), "{:%}".format(0.25))
print("{0:{1}>{2}}".format("x", "*", 5), "{a[b]}".format(a={"b": 1}), "{0[a]}{0[b]}".format({"a": 1, "b": 2}))
print("{x}".format_map({"x": 1}))
class Default(dict):
    def __missing__(self, key): return f"<{key}>"
print("{known} {unknown}".format_map(Default(known=1)))
args = (1, 2); kw = {"k": 3}
print("{} {} {k}".format(*args, **kw))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("too few:", lambda: "{} {}".format(1))
attempt("missing key:", lambda: "{a}".format())
attempt("missing attribute:", lambda: "{0.foo}".format(1))
attempt("missing index:", lambda: "{0[5]}".format([1]))
attempt("mixed:", lambda: "{} {0}".format(1))
attempt("mixed other way:", lambda: "{0} {}".format(1))
attempt("single open:", lambda: "{".format())
attempt("single close:", lambda: "}".format())
attempt("bad conversion:", lambda: "{!x}".format(1))
attempt("unmatched:", lambda: "{0".format(1))
attempt("empty attribute:", lambda: "{0.}".format(1))
