s = slice(1, 10, 2)
print(s, slice(5), slice(None), slice("a", None), s.start, s.stop, s.step)
print("indices:", s.indices(5), slice(None, None, -1).indices(4), slice(-3, None).indices(10), slice(100).indices(3))
print("equal:", slice(1, 2) == slice(1, 2, None), slice(1) != slice(2))
print("applied:", "abcdefgh"[s], list(range(20))[s], (1, 2, 3)[slice(None, None, -1)])
class Recorder:
    def __getitem__(self, key): return key
    def __setitem__(self, key, value): print("set", key, value)
    def __delitem__(self, key): print("del", key)
r = Recorder()
print(r[1], r[1:2], r[:], r[::2], r[1:2, 3], r[...], r[..., 1:], r["a":"b":"c"], r[1,], r[()], r[:, None])
r[1:2] = 5; del r[::3]; r[1, 2] = 6
class Index:
    def __index__(self): return 2
print("index objects:", "abcdef"[Index():], [1, 2, 3, 4][:Index()], "abc"[Index()])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("float bounds:", lambda: [1][1.0:])
attempt("hash:", lambda: hash(s))
attempt("none argument:", lambda: slice())
