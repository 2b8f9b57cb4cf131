import traceback, sys, io, re
def clean(t): return [re.sub(r'File ".*/', 'File "', l) for l in t.splitlines() if not set(l.strip()) <= set("^~")]
def inner(): return 1 / 0
def outer(): inner()
try: outer()
except ZeroDivisionError as e:
    print(clean(traceback.format_exc())); print(traceback.format_exception_only(type(e), e), traceback.format_exception_only(e)); print(clean("".join(traceback.format_exception(e)))); print([(f.name, f.lineno, f.line) for f in traceback.extract_tb(e.__traceback__)]); b = io.StringIO(); traceback.print_exc(file=b); print(b.getvalue().splitlines()[-1]); b = io.StringIO(); traceback.print_exception(e, file=b); print(b.getvalue().splitlines()[0]); print(clean("".join(traceback.format_tb(e.__traceback__)))); print(e.__traceback__.tb_lineno, e.__traceback__.tb_next.tb_lineno, e.__traceback__.tb_next.tb_next.tb_next)
print(traceback.format_exc())
try:
    try: {}["k"]
    except KeyError as k: raise ValueError("v") from k
except ValueError as e: print([l for l in clean("".join(traceback.format_exception(e))) if not l.startswith(" ")])
t = traceback.TracebackException.from_exception(ValueError("made")); print(list(t.format_exception_only()), len(traceback.extract_stack()), str(t))
print(traceback.format_exception_only(KeyError("a")), traceback.format_exception_only(ValueError()), traceback.format_list([("f.py", 3, "fn", "code")]))
