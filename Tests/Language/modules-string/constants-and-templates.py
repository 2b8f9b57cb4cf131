import string
print(string.ascii_lowercase, string.ascii_uppercase, string.ascii_letters, string.digits, string.hexdigits, string.octdigits, string.punctuation, repr(string.whitespace), len(string.printable))
t = string.Template("$name is ${age} years, $$5"); print(t.substitute(name="Bob", age=5), t.substitute({"name": "x"}, age=1), t.safe_substitute(name="n"), t.template)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("missing:", lambda: t.substitute(name="a")); attempt("bad:", lambda: string.Template("$ 5").substitute())
print(string.capwords("hello big  world"), string.capwords("a-b", "-"))
f = string.Formatter(); print(f.format("{} {x:>4}", 1, x=2), list(f.parse("a{b!r:c}d{}")), f.vformat("{0}", (5,), {}))
