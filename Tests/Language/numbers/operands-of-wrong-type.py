def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("int + str:", lambda: 1 + "a")
attempt("str + int:", lambda: "a" + 1)
attempt("int - str:", lambda: 1 - "a")
attempt("list + tuple:", lambda: [] + ())
attempt("tuple + list:", lambda: () + [])
attempt("str * str:", lambda: "a" * "b")
attempt("str * float:", lambda: "a" * 2.0)
attempt("none + int:", lambda: None + 1)
attempt("dict + dict:", lambda: {} + {})
attempt("set + set:", lambda: set() + set())
attempt("int / str:", lambda: 1 / "a")
attempt("int // None:", lambda: 1 // None)
attempt("int % str:", lambda: 1 % "a")
attempt("int ** str:", lambda: 2 ** "a")
attempt("unary minus str:", lambda: -"a")
attempt("unary plus list:", lambda: +[])
attempt("invert str:", lambda: ~"a")
attempt("int < str:", lambda: 1 < "a")
attempt("list < int:", lambda: [] < 1)
attempt("none >= none:", lambda: None >= None)
attempt("dict > dict:", lambda: {} > {})
attempt("shift str:", lambda: 1 << "a")
attempt("matmul:", lambda: 1 @ 2)
attempt("func + int:", lambda: (lambda: 1) + 1)
attempt("type + int:", lambda: int + 1)
attempt("call int:", lambda: (5)(3))
attempt("index int:", lambda: (5)[0])
attempt("len int:", lambda: len(5))
attempt("iterate int:", lambda: list(5))
attempt("in int:", lambda: 1 in 5)
attempt("abs str:", lambda: abs("a"))
attempt("sum str:", lambda: sum(["a"]))
attempt("sum with str start:", lambda: sum(["a"], ""))
def augmented():
    x = 1
    x += "a"
attempt("int += str:", augmented)
def augmented_list():
    x = []
    x += 5
attempt("list += int:", augmented_list)
def augmented_minus():
    x = "a"
    x -= 1
attempt("str -= int:", augmented_minus)
