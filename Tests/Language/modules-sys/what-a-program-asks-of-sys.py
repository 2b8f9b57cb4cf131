import sys, io
print(len(sys.argv), sys.argv[0].endswith("what-a-program-asks-of-sys.py"), sys.version_info[:2], sys.version_info >= (3, 8), sys.version_info.major, sys.platform, sys.byteorder, sys.maxsize, sys.maxunicode)
print("sys" in sys.modules, isinstance(sys.path, list), sys.getrecursionlimit(), sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.min, sys.hexversion > 0, type(sys.version).__name__, sys.implementation.name in ("cpython", "qnb"), type(sys.executable).__name__)
print(sys.stdout.write("text\n"), file=sys.stdout); sys.stdout.flush()
out = sys.stdout; sys.stdout = io.StringIO(); print("captured"); text = sys.stdout.getvalue(); sys.stdout = out; print(repr(text))
print("to stdout", file=sys.__stdout__); print(sys.stdout.encoding.lower(), sys.stdin is not None, sys.stderr is not None, sys.stdout.isatty())
try: sys.exit(5)
except SystemExit as e: print(e.code)
try: sys.exit("msg")
except SystemExit as e: print(e.code, e.args)
print(sys.intern("abc") == "abc", sys.getsizeof([]) > 0, sys.exc_info(), sys.getdefaultencoding(), sys.getfilesystemencoding())
print(sys.int_info.bits_per_digit > 0, sys.flags.interactive, sys.builtin_module_names is not None, sys.getrefcount([]) > 0)
import atexit
atexit.register(print, "at exit", 1); atexit.register(lambda: print("registered last runs first"))
