import io
s = io.StringIO(); print(s.write("abc"), s.write("def\n"), s.getvalue(), s.tell(), s.seek(0), s.read(2), s.read(), repr(s.read()))
s.seek(0); s.truncate(2); print(s.getvalue()); s.seek(0, 2); s.write("zz"); print(s.getvalue())
s = io.StringIO("l1\nl2\nl3"); print(s.readline(), s.readlines(), s.getvalue()); s.seek(0); print(list(s)); s.seek(0); print(next(s)); s.seek(1); s.write("X"); print(s.getvalue())
print("x", 1, file=s); s.writelines(["a", "b"]); print(repr(s.getvalue()), s.closed, s.readable(), s.writable(), s.seekable())
s.close(); print(s.closed)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("closed:", lambda: s.read()); attempt("bytes:", lambda: io.StringIO().write(b"a")); attempt("int:", lambda: io.StringIO(5))
with io.StringIO("ctx") as c: print(c.read())
b = io.BytesIO(b"abc\ndef"); print(b.read(2), b.tell(), b.readline(), b.read(), b.getvalue()); b.seek(0); b.write(b"ZZ"); print(b.getvalue(), b.seek(-2, 2), b.read()); attempt("text:", lambda: b.write("a"))
print(isinstance(s, io.TextIOBase), isinstance(b, io.BufferedIOBase), isinstance(s, io.IOBase), io.SEEK_SET, io.SEEK_END)
import contextlib
o = io.StringIO()
with contextlib.redirect_stdout(o): print("redirected")
print(repr(o.getvalue()))
