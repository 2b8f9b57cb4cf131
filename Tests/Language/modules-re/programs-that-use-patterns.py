import re
token = re.compile(r"\s*(?:(?P<num>\d+\.?\d*)|(?P<name>[A-Za-z_]\w*)|(?P<op>[-+*/()=]))")
print([(m.lastgroup, m.group(m.lastgroup)) for m in token.finditer("x1 = 3.5*(y + 42) - z")])
log = "2024-01-02 ERROR disk full\n2024-01-03 INFO ok\n2024-01-04 ERROR net down"
print([m.groupdict() for m in re.finditer(r"^(?P<d>[\d-]+) ERROR (?P<msg>.*)$", log, re.M)])
print(re.sub(r"(?<!^)(?=[A-Z])", "_", "camelCaseName").lower(), re.sub(r"_(\w)", lambda m: m[1].upper(), "snake_case_name"), re.sub(r"\s+", " ", " a  b\n c ").strip(), re.sub(r"(\d)(?=(\d{3})+$)", r"\1,", "1234567"))
print([bool(re.fullmatch(r"[\w.+-]+@[\w-]+\.[\w.]+", s)) for s in ("a@b.co", "bad@", "x.y+z@d-e.org")], re.findall(r"#(\w+)", "#a b #cd"), re.findall(r"(?<=\$)\d+", "$5 $77 8"))
def repl(m): return str(int(m.group()) * 2)
print(re.sub(r"-?\d+", repl, "1 -2 30"), re.sub("[aeiou]", "", "education"), re.split(r"\W+", "Words, words; words."), dict(re.findall(r"(\w+)=(\w+)", "a=1 b=2")))
text = "the cat sat on the mat " * 50
print(len(re.findall(r"\b\w{3}\b", text)), len(re.sub(r"t", "", text)), re.search("mat$", text.strip()).span())
print(re.match(r"(\d{1,3})\.(\d{1,3})", "192.168.1.1").groups(), [m.end() for m in re.finditer("a", "banana")], re.compile(r"^\s*#").match("  # c") is not None)
scanner = re.compile("a|b").scanner("ab") if hasattr(re.compile("a"), "scanner") else None
nested = "f(g(x), h(y))"; print(re.findall(r"\w+(?=\()", nested), re.sub(r"\(([^()]*)\)", r"[\1]", nested))
print(re.purge(), re.template if False else "ok")
