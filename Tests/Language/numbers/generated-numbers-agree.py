# Numbers of all sizes made by a small generator, through every operation; the same in every run.
state = 12345
def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return (state >> 33) % n
def pick(xs): return xs[rnd(len(xs))]
def bigint():
    k = rnd(6)
    if k == 0: v = rnd(10)
    elif k == 1: v = rnd(1<<30)
    elif k == 2: v = rnd(1<<30) * rnd(1<<30) * 8
    elif k == 3: v = (1 << rnd(130)) + rnd(3) - 1
    elif k == 4:
        v = 1
        for i in range(rnd(12)): v = v * (1<<30) + rnd(1<<30)
    else: v = 1 << 63
    v += rnd(3) - 1
    return -v if rnd(2) else v
def flt():
    k = rnd(9)
    if k == 0: v = rnd(100) / 8
    elif k == 1: v = rnd(1<<30) / (1+rnd(1<<30))
    elif k == 2: v = (rnd(1<<30) * 1.0) * 2.0 ** (rnd(2000) - 1030)
    elif k == 3: v = float(str(rnd(1000000)) + "e" + str(rnd(600)-310))
    elif k == 4: v = pick([0.0, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5, 0.1, 0.5, 1.5, 2.5, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308])
    elif k == 5: v = rnd(100000) / 1000
    elif k == 6: v = rnd(100000) / 100 + 0.005
    elif k == 7: v = float(abs(bigint()))
    else: v = rnd(1<<30) / 1024
    return -v if rnd(2) else v
def show(f):
    try: r = f()
    except Exception as e: return type(e).__name__ + ": " + str(e)
    return repr(r)
ops = [("+",lambda a,b:a+b),("-",lambda a,b:a-b),("*",lambda a,b:a*b),("/",lambda a,b:a/b),("//",lambda a,b:a//b),("%",lambda a,b:a%b),("divmod",divmod),
 ("<",lambda a,b:a<b),("<=",lambda a,b:a<=b),("==",lambda a,b:a==b),(">",lambda a,b:a>b),("!=",lambda a,b:a!=b)]
iops = [("&",lambda a,b:a&b),("|",lambda a,b:a|b),("^",lambda a,b:a^b)]
for i in range(120):
    k = rnd(4)
    a = bigint() if k & 1 else flt()
    b = bigint() if k & 2 else flt()
    name, f = pick(ops)
    print(name, repr(a), repr(b), show(lambda: f(a,b)))
for i in range(60):
    a = bigint(); b = bigint()
    name, f = pick(iops)
    print(name, a, b, show(lambda: f(a,b)))
    n = rnd(200)
    print("<<", a, n, show(lambda: a << n), show(lambda: a >> n))
    print("u", show(lambda: -a), show(lambda: ~a), show(lambda: abs(a)), a.bit_length(), a.bit_count(), show(lambda: float(a)))
    print("f", show(lambda: hex(a)), show(lambda: bin(a)), show(lambda: oct(a)), int(str(a)) == a, int(hex(a), 16) == a, int(oct(a), 0) == a)
    print("pow", show(lambda: pow(a, rnd(20))), show(lambda: pow(a, abs(b), 1000003)), show(lambda: pow(a, -1, 97)), show(lambda: pow(a, abs(b), -(abs(a)+7))))
    print("round", show(lambda: round(a, -rnd(30))))
    n = rnd(20)
    sg = rnd(2) == 1
    o = pick(["big","little"])
    print("bytes", n, sg, o, show(lambda: a.to_bytes(n, o, signed=sg)))
    t = str(a).encode()
    print("from", int.from_bytes(t, o, signed=sg))
    print("b36", show(lambda: int(str(abs(b)), 11 + rnd(26))))
for i in range(120):
    x = flt()
    print("r", repr(x), show(lambda: round(x)), show(lambda: round(x, rnd(24) - 4)), show(lambda: int(x)), x.hex(), float.fromhex(x.hex()) == x, float(repr(x)) == x, show(lambda: x.as_integer_ratio()), x.is_integer())
    print("p", show(lambda: x ** rnd(5)), show(lambda: x ** 0.5) if x >= 0 else "", show(lambda: abs(x) ** flt()))
    t = pick("eEfFgG%")
    spec = pick(["", "<", ">", "^", "=", "*<", "0=", "x^"]) + pick(["", "+", " ", "-"]) + pick(["", "z"]) + pick(["", "#"]) + pick(["", "0"]) + pick(["", "5", "12", "25"]) + pick(["", ",", "_"]) + pick(["", ".0", ".1", ".2", ".3", ".6", ".10", ".17", ".30"]) + pick(["", t, t, "n"])
    print("fmt", spec, show(lambda: format(x, spec)))
    pc = "%" + pick(["", "-", "+", " ", "0", "#", "-+", "0+", "#0"]) + pick(["", "1", "10", "20"]) + pick(["", ".", ".0", ".2", ".5", ".12"]) + pick("eEfFgGdisra")
    print("pc", pc, show(lambda: pc % x))
    y = bigint()
    spec = pick(["", "<", ">", "^", "=", "*<", "0=", "x^"]) + pick(["", "+", " ", "-"]) + pick(["", "#"]) + pick(["", "0"]) + pick(["", "5", "12", "45"]) + pick(["", ",", "_"]) + pick(["", "d", "x", "X", "o", "b", "n", "e", ".2f", ".3g", "%", "c", "s"])
    print("fmt", spec, y, show(lambda: format(y, spec)))
    pc = "%" + pick(["", "-", "+", " ", "0", "#", "-+", "0+", "#0"]) + pick(["", "1", "10", "50"]) + pick(["", ".", ".0", ".2", ".40"]) + pick("dioxXeEfgcsr")
    print("pc", pc, y, show(lambda: pc % y))
    print("bpc", show(lambda: pc.encode() % y))
