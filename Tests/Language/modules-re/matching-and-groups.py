import re
m = re.match(r"(\w+) (\d+)", "hello 42 rest"); print(m.group(), m.group(0), m.group(1), m.group(1, 2), m.groups(), m.start(), m.end(2), m.span(1), m[2], bool(m), m.string, m.re.pattern, m.pos, m.lastindex)
print(repr(m), re.match("x", "abc"), re.search("b", "abc"), re.fullmatch("a.c", "abc"), re.fullmatch("a", "ab"), re.search("$", "ab").start())
m = re.search(r"(?P<year>\d{4})-(?P<month>\d\d)(-(?P<day>\d\d))?", "on 2024-03!"); print(m.groupdict(), m["year"], m.group("day"), m.groups(), m.groups("none"), m.groupdict("d"), m.lastgroup, m.span("month"), m.start("day"), m.expand(r"\g<month>/\1"))
print(re.findall(r"\d+", "a1b22c333"), re.findall(r"(\w)(\d)", "a1b2"), re.findall(r"(\w)\d", "a1b2"), re.findall("", "ab"), re.findall("x*", "axb"), [m.span() for m in re.finditer(r"\w+", "ab cd")])
print(re.split(r"[,;]\s*", "a, b;c"), re.split(r"(,)", "a,b"), re.split(",", "a,b,c", 1), re.split(r"\b", "ab cd"), re.split("x*", "axbc"), re.split(r"(-)|(,)", "a-b,c"))
print(re.sub(r"\d", "#", "a1b2"), re.sub(r"(\w)(\d)", r"\2\1", "a1b2"), re.sub("b", lambda m: m.group().upper(), "abab"), re.sub("a", "x", "aaa", 2), re.subn("a", "x", "aba"), re.sub("(?P<n>a)", r"[\g<n>\g<0>]", "a"), re.sub("x*", "-", "abc"), re.sub(r"\n", r"\\n", "a\nb"), re.sub("a", r"\t", "a"), re.sub("^", "> ", "a\nb", flags=re.M))
print(re.escape("a.b*c[d]-e f_g"), re.compile("a").pattern, repr(re.compile("a+", re.I | re.M)), re.compile("(a)(?P<n>b)").groups, re.compile("(?P<n>b)").groupindex, re.compile("a") == re.compile("a"))
p = re.compile(r"o"); s = "foo boo"; print(p.search(s).start(), p.search(s, 3).start(), p.match(s, 1).span(), p.findall(s, 0, 4), p.sub("0", s), p.split(s), p.fullmatch(s), [m.start() for m in p.finditer(s, 2)])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("no group:", lambda: m.group(9)); attempt("no name:", lambda: m.group("zz")); attempt("none:", lambda: re.match("x", "a").group()); attempt("bytes and str:", lambda: re.match("a", b"a")); attempt("int:", lambda: re.match("a", 5)); attempt("pattern int:", lambda: re.compile(5)); attempt("bad template:", lambda: re.sub("a", r"\5", "a")); attempt("bad name:", lambda: re.sub("a", r"\g<zz>", "a"))
print(re.findall(rb"\d", b"a1"), re.sub(b"a", b"b", b"aa"), re.split(b",", b"a,b"))
