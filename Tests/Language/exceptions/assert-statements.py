def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", repr(str(error)), error.args)
def a(c, *m):
    if m: assert c, m[0]
    else: assert c
    return "passed"
attempt("true:", lambda: a(1)); attempt("false:", lambda: a(0)); attempt("message:", lambda: a([], "why")); attempt("number:", lambda: a(None, 5)); attempt("tuple:", lambda: a("", (1, 2))); attempt("list:", lambda: a(0, [1]))
def lazy():
    assert True, 1 / 0
    return "message not evaluated"
attempt("lazy:", lazy)
def message_raises(): assert False, 1 / 0
attempt("message raises:", message_raises)
def exc(): assert False, ValueError("v")
attempt("exception as message:", exc)
print(__debug__)
