print("equal:", "a" == "a", "a" == "A", "a" == 1, "a" != b"a", "" == "")
print("order:", "a" < "b", "Z" < "a", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "10" < "9")
print("sorted:", sorted(["banana", "apple", "Cherry", "10", "9", "éclair", "_x"]))
print("min max:", min("hello"), max("hello"), min("b", "a"), max("abc", "abd", key=lambda s: s[-1]))
print("hash equal:", hash("abc") == hash("".join(["a", "b", "c"])), {"abc": 1}["ab" + "c"])
print("astral order:", "\uffff" < "\U00010000")
print("concatenation:", "a" + "b" * 3, "ab" * 0, "ab" * -1, 2 * "xy", "" + "")
s = "a"
s += "b"; s *= 3
print("augmented:", s)
print("iterate:", list("añb"), [c for c in "xyz"], tuple("ab"), list(reversed("abc")), list(enumerate("ab")))
print("ord chr:", ord("a"), ord("é"), ord("🎉"), chr(97), chr(233), chr(128521))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("ord of two:", lambda: ord("ab"))
attempt("ord of int:", lambda: ord(1))
attempt("chr too large:", lambda: chr(0x110000))
attempt("chr negative:", lambda: chr(-1))
attempt("chr of str:", lambda: chr("a"))
