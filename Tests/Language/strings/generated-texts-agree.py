# Texts of several scripts made by a small generator, through every method; the same in every run.
state = 777
def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return (state >> 33) % n
def pick(xs): return xs[rnd(len(xs))]
def show(f):
    try: r = f()
    except Exception as e: return type(e).__name__ + ": " + str(e)
    return repr(r)
A = "aAbB  \t\n\r,xyz019_-+'\"\\{}%"
U = "äÄßéΣσςıİǆǅ€日本Ⅷ①²٣\u2028\u00a0\u3000😀\U0001d400\u0301\x00\x7f\x85\x1c\ufb01\u1e9e"
def word(n):
    k = rnd(4)
    cs = "ab" if k == 0 else A if k == 1 else A + U if k == 2 else U + "ab "
    return "".join([pick(cs) for i in range(rnd(n))])
def idx(): return pick([0, 1, 2, 3, -1, -2, -3, 5, 100, -100, None, 7, 10])
M0 = ["upper","lower","title","swapcase","capitalize","casefold","strip","lstrip","rstrip","isalpha","isalnum","isdecimal","isdigit","isnumeric","isspace","isprintable","isupper","islower","istitle","isidentifier","isascii","splitlines","split","rsplit","expandtabs","encode"]
for i in range(40):
    n = pick([3, 8, 20, 150])
    s = word(n)
    p = word(3); q = word(4)
    if n == 300 and rnd(2): p = s[rnd(len(s)+1):][:2]
    print(ascii(s), ascii(p), ascii(q), len(s), show(lambda: s), ascii(s))
    for m in M0: print(m, show(lambda: getattr(s, m)()))
    for m in ["find","rfind","index","rindex","count","startswith","endswith"]:
        a = idx(); b = idx()
        print(m, a, b, show(lambda: getattr(s, m)(p)), show(lambda: getattr(s, m)(p, a)), show(lambda: getattr(s, m)(p, a, b)))
    print(show(lambda: s.startswith((p, q))), show(lambda: s.endswith((q, p), 1)))
    k = rnd(6) - 1
    for m in ["split","rsplit"]:
        print(m, k, show(lambda: getattr(s, m)(p)), show(lambda: getattr(s, m)(p, k)), show(lambda: getattr(s, m)(None, k)))
    print(show(lambda: s.partition(p)), show(lambda: s.rpartition(p)), show(lambda: s.splitlines(True)))
    print(show(lambda: s.replace(p, q)), show(lambda: s.replace(p, q, k)), show(lambda: s.replace("", q, k)))
    print(show(lambda: s.strip(q)), show(lambda: s.lstrip(q)), show(lambda: s.rstrip(q)), show(lambda: s.removeprefix(p)), show(lambda: s.removesuffix(p)))
    w = rnd(30)
    print(show(lambda: s.center(w)), show(lambda: s.ljust(w, "é")), show(lambda: s.rjust(w, "*")), show(lambda: s.zfill(w)), show(lambda: s.expandtabs(rnd(9))))
    a = idx(); b = idx(); c = pick([None, 1, 2, -1, -2, 3, -3])
    print(show(lambda: s[a:b]), show(lambda: s[a:b:c]), show(lambda: s[a if a is not None else 0]), show(lambda: s[::c]))
    print(show(lambda: p in s), show(lambda: s < p), show(lambda: s == p), show(lambda: s + q), show(lambda: s * k), show(lambda: q.join([s, p, s])), show(lambda: p.join(s)))
    print([x for x in s] == list(s), "".join(list(s)) == s, "".join([s[j] for j in range(len(s))]) == s)
    e = pick(["utf-8","ascii","latin-1","utf-16","utf-32","utf-16-be","utf-8-sig"])
    h = pick(["strict","ignore","replace","backslashreplace","xmlcharrefreplace","namereplace"])
    print(e, h, show(lambda: s.encode(e, h)), show(lambda: s.encode(e).decode(e) == s))
    t = pick([lambda: s.translate({97: "X", 98: None, 228: 0x1F600}), lambda: s.translate(str.maketrans("ab", "ba", "x"))])
    print(show(t))
    f = pick(["", "<", ">", "^", "é^", "*>"]) + pick(["", "0"]) + pick(["", "5", "12"]) + pick(["", ".0", ".2", ".7"]) + pick(["", "s"])
    print(f, show(lambda: format(s, f)), show(lambda: ("%" + pick(["", "-", "0"]) + pick(["", "9"]) + pick(["", ".3"]) + pick("sra")) % (s,)))
    # random template
    tm = "".join([pick(["{}", "{0}", "{1}", "{x}", "{", "}", "{{", "}}", "{!r}", "{0!s:>5}", "{:>{}}", "{x[0]}", "{x.real}", "é", "a", "{0[", "{!}", "{:5", "[", "]", ":", "!", "{x!a:^9.3}"]) for j in range(rnd(5))])
    print(ascii(tm), show(lambda: tm.format(s, 7, x=p)))
    tm = "".join([pick(["%s", "%d", "%%", "%", "%(x)s", "%5.2f", "%r", "é", "a", "%c", "%-5d|", "%*d", "%.*f", "%(", "%x"]) for j in range(rnd(4))])
    ar = pick([lambda: (s, 7), lambda: 7, lambda: {"x": p}, lambda: (3, 5), lambda: (), lambda: p, lambda: [1]])()
    print(ascii(tm), ascii(ar), show(lambda: tm % ar))
    # bytes
    raw = bytes([rnd(256) if rnd(3) == 0 else pick(b"ab \n%x") for j in range(rnd(14))])
    bp = bytes([pick(b"ab ") for j in range(rnd(3))]); bq = bytes([rnd(256) for j in range(rnd(3))])
    if rnd(2): raw = bytearray(raw)
    print(repr(raw), show(lambda: raw.decode()), show(lambda: raw.decode("utf-8", pick(["replace","ignore","backslashreplace"]))), show(lambda: raw.decode("utf-16-le", "replace")), show(lambda: raw.decode("ascii", "replace")), show(lambda: raw.decode("utf-32")))
    for m in ["upper","lower","title","swapcase","capitalize","strip","isalpha","isalnum","isdigit","isspace","isupper","islower","istitle","splitlines","split","rsplit","hex","expandtabs"]:
        print(m, show(lambda: getattr(raw, m)()))
    for m in ["find","rfind","index","rindex","count","startswith","endswith","split","rsplit","partition","rpartition","strip","removeprefix","removesuffix"]:
        print(m, show(lambda: getattr(raw, m)(bp)))
    print(show(lambda: raw.replace(bp, bq)), show(lambda: raw.replace(bp, bq, k)), show(lambda: raw[a:b:c]), show(lambda: raw.find(97, k)), show(lambda: bp in raw), show(lambda: raw + bq), show(lambda: raw * k), show(lambda: raw.center(w, b"*")), show(lambda: raw.zfill(w)), show(lambda: raw < bq), show(lambda: raw.hex("-", k)), show(lambda: raw.translate(None, bp)), show(lambda: bq.join([raw, bp])), show(lambda: list(raw)))
    if type(raw) is bytearray:
        def mut():
            r = bytearray(raw)
            r[a:b:c] = bq
            return r
        def mut2():
            r = bytearray(raw)
            del r[a:b:c]
            return r
        def mut3():
            r = bytearray(raw)
            r.insert(k, 7); r.append(8); r += bq; r.extend([1, 2]); r.reverse(); r.pop(); r *= 2
            return r
        print(show(mut), show(mut2), show(mut3))
    num = pick(["", " ", "-", "+"]) + "".join([pick("0123456789_.eE+- xbaf") for j in range(rnd(9))])
    print(repr(num), show(lambda: int(num)), show(lambda: int(num, 16)), show(lambda: int(num, 0)), show(lambda: float(num)), show(lambda: float.fromhex(num)), show(lambda: int(num.encode(), 36)))
