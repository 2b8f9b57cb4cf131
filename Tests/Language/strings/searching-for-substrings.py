s = "the cat sat on the mat"
print("find:", s.find("at"), s.find("at", 6), s.find("at", 6, 8), s.find("zz"), s.find(""), s.find("", 5), s.find("", 100))
print("rfind:", s.rfind("at"), s.rfind("at", 0, 10), s.rfind("zz"), s.rfind(""))
print("index:", s.index("cat"), s.rindex("the"))
print("count:", s.count("at"), s.count("t", 5), s.count(""), s.count("the", 1), "aaaa".count("aa"), "".count(""))
print("in:", "cat" in s, "dog" in s, "" in s, "dog" not in s)
print("startswith:", s.startswith("the"), s.startswith("cat", 4), s.startswith(("a", "th")), s.startswith(""), s.startswith("the", 1))
print("endswith:", s.endswith("mat"), s.endswith("the", 0, 18), s.endswith(("x", "t")), s.endswith(()))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("index missing:", lambda: s.index("dog"))
attempt("rindex missing:", lambda: s.rindex("dog"))
attempt("in with int:", lambda: 1 in s)
attempt("find int:", lambda: s.find(1))
attempt("startswith int:", lambda: s.startswith(1))
attempt("startswith tuple of int:", lambda: s.startswith((1,)))
attempt("count none:", lambda: s.count(None))
print("negative bounds:", s.find("mat", -3), s.find("the", -100, -1), s.count("t", -5, -1))
print("unicode:", "naïve café".find("é"), "naïve café".index("ï"), "日本日本".rfind("日"))
