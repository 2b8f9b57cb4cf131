a = [1]; b = a; c = [1]
print(a is b, a is c, a is not c, a == c, None is None, True is True, () is (), 1 is not None)
print(None == 0, None == False, None == None, [] is [], type(1) is int, NotImplemented is NotImplemented, ... is Ellipsis)
print(1 in (1, 2), "a" in "abc", "k" in {"k": 1}, 1 in {1}, 3 in range(5), 1 in iter([0, 1]), b"a" in b"abc")
print(not 1 in [1], 1 not in [1], not (1 is 1 or False))
class E:
    def __eq__(self, o): raise ValueError("eq called")
e = E(); print(e in [e], [e].index(e), [e].count(e), e in (1, e) if False else "identity first")
try: print(e in [1])
except ValueError as error: print("ValueError:", error)
class C:
    def __contains__(self, x): print("contains", x); return x > 5
print(6 in C(), 1 in C(), 1 not in C())
nan = float("nan"); print(nan in [nan], nan == nan, [nan] == [nan], (nan,) == (nan,), {"a": nan} == {"a": nan}, [float("nan")] == [float("nan")])
print([1, 2] == [1, 2.0], (1, (2,)) == (1, (2,)), {1: [2]} == {1: [2]}, "1" == 1, b"a" == "a", 0 == False, "" == False)
