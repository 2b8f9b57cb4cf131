from collections import namedtuple
P = namedtuple("P", "x y"); p = P(1, y=2)
print(p, p.x, p[1], p._fields, p._asdict(), p._replace(x=9), P._make([5, 6]), len(p), p == (1, 2), hash(p) == hash((1, 2)), isinstance(p, tuple), list(p), P.__name__, p + (3,), p.count(1), p.index(2))
a, b = p; print(a, b, sorted([P(2, 1), P(1, 5)]), P(*[7, 8]), {p: 1}[(1, 2)], max(P(1, 2), P(0, 9)), repr(P("a", None)), p._field_defaults)
Q = namedtuple("Q", ["a", "b", "c"], defaults=[10, 20]); print(Q(1), Q(1, 2), Q._field_defaults, namedtuple("R", "a, b, class, a", rename=True)._fields)
class Sub(namedtuple("Base", "v w")):
    __slots__ = ()
    @property
    def total(self): return self.v + self.w
    def __str__(self): return f"<{self.v}>"
s = Sub(1, 2); print(s.total, str(s), repr(s), s._replace(v=5).total, s == (1, 2))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def setter(): p.x = 5
attempt("set:", setter); attempt("missing:", lambda: P(1)); attempt("extra:", lambda: P(1, 2, 3)); attempt("keyword:", lambda: P(x=1, z=2)); attempt("bad name:", lambda: namedtuple("X", "class")); attempt("duplicate:", lambda: namedtuple("X", "a a")); attempt("underscore:", lambda: namedtuple("X", "_a")); attempt("replace:", lambda: p._replace(q=1)); attempt("attribute:", lambda: p.z); attempt("make:", lambda: P._make([1])); attempt("defaults:", lambda: namedtuple("X", "a", defaults=[1, 2]))
from collections import UserDict, UserList, UserString
class UD(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
u = UD(a=1); u["b"] = 2; print(u, u.data, len(u), "a" in u, dict(u)); print(UserList([1, 2]) + [3], UserString("ab").upper())
from collections.abc import Iterable, Sequence, Mapping, Callable, Hashable, Sized, Iterator, Generator, MutableMapping
print([isinstance(x, Iterable) for x in ([], "", {}, 5, (i for i in ()))], isinstance([], Sequence), isinstance({}, Mapping), isinstance(len, Callable), isinstance([], Hashable), isinstance({}, Sized), isinstance(iter([]), Iterator), isinstance((i for i in ()), Generator), issubclass(dict, MutableMapping), isinstance(range(1), Sequence), isinstance({1}, Sequence))
class MM(MutableMapping):
    def __init__(s): s.d = {}
    def __getitem__(s, k): return s.d[k]
    def __setitem__(s, k, v): s.d[k] = v
    def __delitem__(s, k): del s.d[k]
    def __iter__(s): return iter(s.d)
    def __len__(s): return len(s.d)
m = MM(); m["a"] = 1; m.update(b=2); print(m.get("a"), m.pop("b"), m.setdefault("c", 3), list(m.items()), "a" in m, m == {"a": 1, "c": 3}, list(m.keys()))
