import warnings

with warnings.catch_warnings(record=True) as shown:
    warnings.simplefilter("always")
    import suspicious
# A condition of `while` and the body of `finally` may be compiled more than once.
for line in sorted({(one.lineno, one.category.__name__, str(one.message)) for one in shown}):
    print(*line)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    print(suspicious.identity(3)[3:5])
