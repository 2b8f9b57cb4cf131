def show(e, depth=0):
    while e:
        print("  " * depth + repr(e), "suppress" if e.__suppress_context__ else "", "cause" if e.__cause__ else "context" if e.__context__ else "")
        e = e.__cause__ or (None if e.__suppress_context__ else e.__context__); depth += 1
def attempt(f):
    try: f()
    except Exception as e: show(e)
def implicit():
    try: 1 / 0
    except ZeroDivisionError: raise KeyError("second")
def explicit():
    try: 1 / 0
    except ZeroDivisionError as e: raise KeyError("second") from e
def none():
    try: 1 / 0
    except ZeroDivisionError: raise KeyError("alone") from None
def class_cause(): raise KeyError("k") from ValueError
def bad_cause(): raise KeyError("k") from 5
def three():
    try:
        try: 1 / 0
        except ZeroDivisionError: [][1]
    except IndexError: {}["x"]
def in_finally():
    try: 1 / 0
    finally: [][1]
def reraise():
    try: 1 / 0
    except ZeroDivisionError as e:
        try: raise ValueError("inner")
        except ValueError: pass
        raise
def reraise_same():
    try: 1 / 0
    except ZeroDivisionError as e: raise e
def nested_function():
    def g(): raise TypeError("in g")
    try: 1 / 0
    except ZeroDivisionError: g()
def handled_then():
    try: 1 / 0
    except ZeroDivisionError: pass
    raise KeyError("no context")
for f in (implicit, explicit, none, class_cause, bad_cause, three, in_finally, reraise, reraise_same, nested_function, handled_then):
    print(f.__name__); attempt(f)
import sys
print(sys.exc_info())
try: 1 / 0
except ZeroDivisionError as e:
    print(sys.exc_info()[0].__name__, sys.exc_info()[1] is e, e.__traceback__ is not None)
    def inner(): return sys.exc_info()[0].__name__
    print(inner())
    try: {}["q"]
    except KeyError: print(sys.exc_info()[0].__name__)
    print(sys.exc_info()[0].__name__)
print(sys.exc_info()[0])
e = ValueError("manual"); e.__cause__ = KeyError("set"); print(e.__suppress_context__); show(e)
print(ValueError("a").with_traceback(None))
try: raise ValueError("tb").with_traceback(None)
except ValueError as e: print(e.__traceback__ is not None)
