class AppError(Exception): pass
class Coded(AppError):
    def __init__(self, code, message="default"):
        super().__init__(message); self.code = code
class Custom(Exception):
    def __init__(self, a, b): self.a, self.b = a, b
    def __str__(self): return f"custom {self.a}"
class Both(KeyError, AttributeError): pass
class NoSuper(Exception):
    def __init__(self, x): self.x = x
for e in (AppError("m"), AppError(), Coded(5), Coded(6, "msg"), Custom(1, 2), Both("b"), NoSuper(9)):
    try: raise e
    except AppError as c: print("app", repr(c), str(c), getattr(c, "code", None))
    except LookupError as c: print("lookup", repr(c), str(c), isinstance(c, AttributeError))
    except Exception as c: print("exception", repr(c), str(c), c.args)
try: raise AppError
except AppError as e: print("class raised", repr(e))
def attempt(label, function):
    try:
        print(label, function())
    except BaseException as error:
        print(label, type(error).__name__ + ":", error)
def r(x): raise x
attempt("raise int:", lambda: r(5)); attempt("raise str:", lambda: r("text")); attempt("raise none:", lambda: r(None)); attempt("raise class needing arguments:", lambda: r(Coded)); attempt("raise object:", lambda: r(object))
def catch_bad():
    try: 1 / 0
    except "text": pass
def catch_int():
    try: 1 / 0
    except (ValueError, 5): pass
def catch_unused():
    try: pass
    except undefined: pass
    return "not evaluated"
attempt("catch str:", catch_bad); attempt("catch int in tuple:", catch_int); attempt("catch unused:", catch_unused)
def catch_variable(kinds):
    try: {}[1]
    except kinds as e: return type(e).__name__
print(catch_variable(KeyError), catch_variable((ValueError, (KeyError))), catch_variable(Exception))
def bare_raise(): raise
attempt("bare raise:", bare_raise)
class Base(BaseException): pass
try:
    try: raise Base("b")
    except Exception: print("never")
except Base as e: print("base", e)
class Validation(ValueError):
    "Validation failed"
    def __init__(self, field, **why): super().__init__(field, why); self.field = field
try: raise Validation("age", low=1)
except ValueError as e: print(e, e.field, e.args, e.__doc__)
class Eq(Exception):
    def __eq__(self, o): return True
    def __hash__(self): return 1
print(Eq() == 5, len({Eq(), Eq()}))
print(AppError.__name__, AppError.__bases__[0].__name__, issubclass(Coded, Exception), Custom.__module__)
