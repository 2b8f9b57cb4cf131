import warnings, sys, io
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always"); warnings.warn("first"); warnings.warn("dep", DeprecationWarning); warnings.warn(RuntimeWarning("instance"))
print([(str(x.message), x.category.__name__) for x in w], len(w))
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try: warnings.warn("now an error", UserWarning)
    except UserWarning as e: print("raised", repr(e))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always"); warnings.filterwarnings("ignore", message="skip.*"); warnings.warn("skip this"); warnings.warn("keep"); warnings.filterwarnings("ignore", category=DeprecationWarning); warnings.warn("d", DeprecationWarning)
print([str(x.message) for x in w])
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("once")
    for i in range(3): warnings.warn("repeated")
print(len(w))
err = sys.stderr; sys.stderr = io.StringIO()
def old(): warnings.warn("to stderr", stacklevel=2)
old()
text = sys.stderr.getvalue(); sys.stderr = err; print(text.split("/")[-1].splitlines()[0].split(":", 1)[1].strip())
try: warnings.warn("x", category=int)
except TypeError as e: print("TypeError:", e)
class Mine(UserWarning): pass
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("default", Mine); warnings.warn("m", Mine); print(w[0].category is Mine, issubclass(Mine, Warning), w[0].lineno)
print(warnings.formatwarning("msg", UserWarning, "f.py", 5, "code"), end="")
