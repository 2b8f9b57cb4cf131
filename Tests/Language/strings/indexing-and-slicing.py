s = "hello, wörld"
print("index:", s[0], s[-1], s[8], s[-len(s)])
print("slices:", s[1:4], s[:5], s[7:], s[:], s[-5:], s[:-7], s[3:3], s[5:2])
print("steps:", s[::2], s[::-1], s[1::3], s[10:2:-2], s[-1:-4:-1], s[::100])
print("out of range slices:", repr(s[100:]), s[-100:3], s[5:100])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("index past end:", lambda: s[50])
attempt("index before start:", lambda: s[-50])
attempt("empty:", lambda: ""[0])
attempt("float index:", lambda: s[1.0])
attempt("string index:", lambda: s["a"])
attempt("zero step:", lambda: s[::0])
attempt("bad slice:", lambda: s["a":])
def assign():
    s[0] = "x"
def delete():
    del s[0]
attempt("assignment:", assign)
attempt("deletion:", delete)
print("slice object:", s[slice(1, 5, 2)], s[True])
print("len:", len(s), len(""), len("日本語"), len("🎉🎉"))
print("astral:", "a🎉b"[1], "a🎉b"[2], "a🎉b"[::-1])
