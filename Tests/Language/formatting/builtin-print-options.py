print("a", "b", 1, None, sep="-")
print("no newline", end="")
print("", end="!\n")
print()
print("sep none", 1, sep=None, end=None)
print(*[1, 2, 3], sep="")
print(1, 2, sep="\n")
print("flush", flush=True)
import sys, io
print("to stdout", file=sys.stdout)
buffer = io.StringIO()
print("into", "buffer", file=buffer, end=";")
print(repr(buffer.getvalue()))
try:
    print("a", sep=1)
except TypeError as error:
    print("TypeError:", error)
try:
    print("a", end=1)
except TypeError as error:
    print("TypeError:", error)
try:
    print("a", foo=1)
except TypeError as error:
    print("TypeError:", error)
print(print("inner"))
