pairs = [(ZeroDivisionError, ArithmeticError), (OverflowError, ArithmeticError), (KeyError, LookupError), (IndexError, LookupError), (FileNotFoundError, OSError), (PermissionError, OSError), (IsADirectoryError, OSError), (TimeoutError, OSError), (ConnectionError, OSError), (BrokenPipeError, ConnectionError), (UnicodeDecodeError, UnicodeError), (UnicodeError, ValueError), (ModuleNotFoundError, ImportError), (NotImplementedError, RuntimeError), (RecursionError, RuntimeError), (UnboundLocalError, NameError), (IndentationError, SyntaxError), (TabError, IndentationError), (KeyboardInterrupt, BaseException), (SystemExit, BaseException), (GeneratorExit, BaseException), (StopIteration, Exception), (StopAsyncIteration, Exception), (AssertionError, Exception), (AttributeError, Exception), (BufferError, Exception), (EOFError, Exception), (MemoryError, Exception), (ReferenceError, Exception), (DeprecationWarning, Warning), (UserWarning, Warning), (RuntimeWarning, Warning), (FutureWarning, Warning), (Warning, Exception), (BytesWarning, Warning), (SyntaxWarning, Warning), (ResourceWarning, Warning), (ImportWarning, Warning), (PendingDeprecationWarning, Warning), (UnicodeWarning, Warning)]
for a, b in pairs: print(a.__name__, [k.__name__ for k in a.__mro__])
print(issubclass(KeyboardInterrupt, Exception), IOError is OSError, EnvironmentError is OSError)
for e in (Exception(), Exception("one"), Exception("one", 2), ValueError(5), KeyError("k"), KeyError("k", 2), KeyError(), OSError(2, "No such file"), OSError(2, "msg", "file.txt"), OSError("text"), StopIteration(5), SystemExit(2), SystemExit(), ImportError("no", name="m"), AssertionError("a"), UnicodeError("u"), Exception(None), Exception([1]), KeyError(("a", 1))):
    print(str(e), "|", repr(e), "|", e.args)
e = OSError(2, "msg", "f"); print(e.errno, e.strerror, e.filename, type(e).__name__, type(OSError(13, "x")).__name__, type(OSError(17, "x")).__name__, type(OSError(99999, "x")).__name__)
print(StopIteration(7).value, SystemExit(3).code, ImportError("x", name="n", path="p").name, AttributeError("a", name="n", obj=5).obj, NameError("n", name="q").name)
print(ValueError("a") == ValueError("a"), isinstance(ValueError(), Exception), hash(ValueError) == hash(ValueError))
e = ValueError("x"); e.args = (1, 2); print(e, repr(e)); e.extra = 5; print(e.extra, e.__dict__)
e.add_note("note one"); e.add_note("note two"); print(e.__notes__)
try: e.add_note(5)
except TypeError as t: print("TypeError:", t)
try: b"\xff".decode()
except UnicodeDecodeError as u: print(u.encoding, u.object, u.start, u.end, u.reason)
try: "é".encode("ascii")
except UnicodeEncodeError as u: print(u.encoding, u.object, u.start, u.end, u.reason)
try: {}["missing"]
except KeyError as k: print(k.args, str(k), repr(k))
try: [].x
except AttributeError as a: print(a.name, a.obj)
try: undefined_name
except NameError as n: print(n.name)
try: open("/nonexistent/file")
except OSError as o: print(type(o).__name__, o.errno, o.strerror, o.filename, o)
