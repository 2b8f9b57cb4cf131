def attempt(label, f):
    try: print(label, f())
    except BaseException as e:
        print(label, type(e).__name__, e, [repr(x) for x in getattr(e, "exceptions", ())])
def run(error, reraise=False):
    log = []
    try:
        raise error
    except* (ValueError, KeyError) as e:
        log.append(("first", repr(e)))
        if reraise: raise
    except* OSError as e:
        log.append(("second", type(e).__name__, len(e.exceptions)))
        raise RuntimeError("from handler")
    else:
        log.append("else")
    finally:
        print("finally", log)
    return log
attempt("all handled:", lambda: run(ExceptionGroup("a", [ValueError(1), KeyError("k")])))
attempt("some left:", lambda: run(ExceptionGroup("a", [ValueError(1), TypeError(2)])))
attempt("none:", lambda: run(ExceptionGroup("a", [TypeError(2)])))
attempt("naked:", lambda: run(ValueError("n")))
attempt("naked unmatched:", lambda: run(TypeError("n")))
attempt("naked raising:", lambda: run(OSError("n")))
attempt("raised:", lambda: run(ExceptionGroup("a", [OSError(1), ValueError(1), TypeError(3)])))
attempt("again:", lambda: run(ExceptionGroup("a", [ValueError(1), ExceptionGroup("b", [KeyError(2), TypeError(4)]), TypeError(3)]), True))
attempt("again all:", lambda: run(ExceptionGroup("a", [ValueError(1)]), True))
def nothing():
    try: pass
    except* ValueError: print("no")
    else: return "else ran"
attempt("no error:", nothing)
def group_filter():
    try: raise ExceptionGroup("a", [ValueError(1)])
    except* ExceptionGroup: pass
attempt("group filter:", group_filter)
def bad_filter():
    try: raise ExceptionGroup("a", [ValueError(1)])
    except* 5: pass
attempt("bad filter:", bad_filter)
def unbound():
    try: raise ValueError(1)
    except* ValueError as e: pass
    return e
attempt("name unbound after:", unbound)
g = ExceptionGroup("top", [ValueError("v"), ExceptionGroup("in", [TypeError("t"), KeyError("k")]), OSError("o")])
print(g.split(TypeError))
print(g.split((ValueError, KeyError)))
print(g.subgroup(lambda e: isinstance(e, OSError)), g.subgroup(ZeroDivisionError), g.subgroup(ExceptionGroup) is g)
print(type(BaseExceptionGroup("b", [ValueError(1)])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
for bad in (lambda: ExceptionGroup("m"), lambda: ExceptionGroup("m", []), lambda: ExceptionGroup("m", [1]), lambda: ExceptionGroup(1, [ValueError()]), lambda: ExceptionGroup("m", [KeyboardInterrupt()]), lambda: ExceptionGroup("m", 5), lambda: g.split(5)):
    attempt("bad:", bad)
class Mine(ExceptionGroup):
    def derive(self, excs): return Mine(self.message + "!", excs)
m = Mine("mine", [ValueError(1), TypeError(2)]); m.add_note("noted")
a, b = m.split(ValueError)
print(repr(a), repr(b), a.__notes__, isinstance(a, Mine))
