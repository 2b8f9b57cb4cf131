import re
def f(p, s, flags=0): return [m.group() for m in re.finditer(p, s, flags)]
print(f("a.c", "abc a\nc a-c"), f("a.c", "a\nc", re.S), f("^a", "a\na"), f("^a", "a\na", re.M), f("a$", "a\na\n"), f(r"\Aa|a\Z", "aba"), f("[a-c]+", "abcd"), f("[^a-c]+", "abcd"), f("[]x]", "]x"), f("[-a]", "-a"), f(r"[\]\\]", "]\\"))
print(f(r"\d\D\w\W\s\S", "1a_ - x 2b3-\t4"), f(r"\bfoo\b", "foo food foo"), f(r"\Boo", "foo oo"), f("é+", "éé"), f(r"\w+", "naïve 日本"), f(r"\w+", "naïve", re.A), f(r"\d", "٣3"), f("(?i)ABC", "abc Abc"), f("straße", "STRASSE straße", re.I), f("É", "é", re.I))
print(f("a*", "aab"), f("a+?", "aa"), f("a??", "a"), f("a{2}", "aaaa"), f("a{2,}", "aaaa"), f("a{,2}", "aaa"), f("a{1,2}?", "aaa"), f("<.*>", "<a><b>"), f("<.*?>", "<a><b>"), f("a{x}", "a{x}"), f("(?:ab)+", "ababx"))
print(f("a|b|cd", "abcd"), f("(a|ab)(c|bcd)", "abcd"), f(r"(\w)\1", "aabbc"), f(r"(?P<q>['\"]).*?(?P=q)", "'a' \"b'c\""), f("a(?=b)", "ab ac"), f("a(?!b)", "ab ac"), f("(?<=a)b", "ab cb"), f("(?<!a)b", "ab cb"), f("(a)?(?(1)b|c)", "ab c"), f(r"(?x) a  b # comment", "ab"), f("(?#note)a", "a"), f("(?s:.)a.", "\naa\n"), f("(?i:a)b", "Ab AB"), f("(?>a+)b", "aab"), f("a++b", "aab"), f("a*+a", "aaa"))
print(f(r"\x41\u0042\t\101", "AB\tA"), f(r"\.\*\+", ".*+"), f(r"[\d.]+", "1.5 x"), f(r"[\w-]+", "a-b c"), f("[a\\-z]", "a-z"), f(r"\0", "\0"), f("", "ab"), f("()", "a"), f(r"\/", "/"), f("[.]", "."), f("[^\\s]", " a"), f("[^]]", "]a"))
print(f("(a+)+b", "aaaaaaaaaaaab"), f("(x+x+)+y", "xxxxxxxxy"), f(r"^(\d+)\.(\d+)", "12.5"), f("(?m)^\\s*$", "a\n\nb"), f(r"([a-z])([0-9]*)", "a1b22"), f("(?P<a>x)(?P<b>y)?", "x xy"), re.findall("(a)|(b)", "ab"), re.match("(a)|b", "b").groups(), re.match("(?:(a)|b)*", "ab").groups(), re.match("((a)|b)*", "ab").groups())
for p in ("(", ")", "[", "a**", "*a", "?", "(?P<a>x)(?P<a>y)", "(?P<1>x)", "(?P=zz)", r"\1", "[z-a]", "a{3,1}", "(?<=a+)b", "(?z)", "\\", r"\q", "(?P<n", "(?:", "[a", "(?(9)a)", "x{99999999999}", r"[\q]", "(?<x)", r"\x1", "a(?i)b"):
    try: re.compile(p); print(p, "compiles")
    except re.error as e: print(p, "|", e, "|", e.pos, e.msg)
    except Exception as e: print(p, type(e).__name__, e)
print(re.I, re.I | re.M, int(re.S), re.IGNORECASE is re.I, re.compile("a").flags, re.compile("(?i)a", re.M).flags)
