import contextlib, io
from contextlib import contextmanager, suppress, closing, redirect_stdout, nullcontext, ExitStack, ContextDecorator, redirect_stderr
@contextmanager
def cm(name, swallow=False):
    print("enter", name)
    try: yield name.upper()
    except ValueError as e:
        print("caught", e)
        if not swallow: raise
    finally: print("exit", name)
with cm("a") as x: print("body", x)
with cm("s", True): raise ValueError("swallowed")
try:
    with cm("r"): raise ValueError("again")
except ValueError as e: print("outer", e)
try:
    with cm("k"): raise KeyError("passes through")
except KeyError as e: print("outer", e)
with cm("one") as a, cm("two") as b: print(a, b)
@cm("decorated")
def f(): print("in f"); return 5
print(f(), f())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
@contextmanager
def no_yield():
    if False: yield
@contextmanager
def two_yields(): yield 1; yield 2
@contextmanager
def replaces():
    try: yield
    except ValueError as e: raise RuntimeError("replaced") from e
def use(m, raises=None):
    def run():
        with m() as v:
            if raises: raise raises
            return v
    return run
attempt("no yield:", use(no_yield)); attempt("two yields:", use(two_yields)); attempt("two yields raising:", use(two_yields, KeyError("k"))); attempt("replaces:", use(replaces, ValueError("v"))); attempt("stop iteration:", use(lambda: cm("si"), StopIteration("s")))
with suppress(KeyError, ZeroDivisionError): {}["x"]
with suppress(ValueError): print("nothing to suppress")
try:
    with suppress(KeyError): [][0]
except IndexError as e: print("not suppressed:", e)
class C:
    def close(self): print("closed")
with closing(C()) as c: print(type(c).__name__)
o = io.StringIO()
with redirect_stdout(o): print("hidden")
print(repr(o.getvalue()))
with nullcontext(5) as n: print(n)
with nullcontext() as n: print(n)
with ExitStack() as st:
    v = st.enter_context(cm("st1")); st.callback(print, "callback", 1); st.push(lambda *e: print("pushed", e[0])); print(v)
with ExitStack() as st:
    for i in range(2): st.enter_context(cm(f"m{i}"))
    keep = st.pop_all()
print("kept"); keep.close()
class D(ContextDecorator):
    def __enter__(self): print("D enter")
    def __exit__(self, *e): print("D exit"); return False
@D()
def g(): print("g")
g()
try:
    with ExitStack() as st:
        st.callback(lambda: print("runs anyway")); 1 / 0
except ZeroDivisionError as e: print(e)
class A(contextlib.AbstractContextManager):
    def __exit__(self, *a): print("abstract exit")
with A() as a: print(type(a).__name__)
