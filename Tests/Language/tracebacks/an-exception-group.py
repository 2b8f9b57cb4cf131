def inner(x):
    raise KeyError(x)
def collect():
    errors = []
    for x in "ab":
        try:
            inner(x)
        except KeyError as e:
            errors.append(e)
    raise ExceptionGroup("several", errors + [ExceptionGroup("nested", [ValueError("v"), TypeError("t")])])
try:
    1 / 0
except ZeroDivisionError:
    collect()
