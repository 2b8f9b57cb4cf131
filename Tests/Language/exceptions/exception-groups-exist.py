try:
    g = ExceptionGroup("many", [ValueError("v"), KeyError("k")])
    print(repr(g), g.message, len(g.exceptions), str(g))
    raise g
except ExceptionGroup as e:
    print(type(e).__name__, e, [type(x).__name__ for x in e.exceptions])
log = []
try: raise ExceptionGroup("g", [ValueError(1), TypeError(2), ValueError(3)])
except* ValueError as e: log.append(("value", [str(x) for x in e.exceptions]))
except* TypeError as e: log.append(("type", [str(x) for x in e.exceptions]))
print(log)
