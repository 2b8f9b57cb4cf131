print([type(v).__name__ for v in (1, 1.0, True, None, "a", b"b", [], (), {}, set(), frozenset(), range(1), slice(1), ..., NotImplemented, print, lambda: 0, int, type, Exception(), iter([]), (x for x in ()), object(), zip(), map(int, []), property(), {}.keys(), __import__("math"))])
print(type(1) is int, type(int) is type, type(type) is type, int, [].__class__, type([])("ab"), type("") == str)
print(isinstance(1, int), isinstance(True, int), isinstance(1, float), isinstance("a", (int, str)), isinstance(None, type(None)), isinstance(1, object), isinstance(int, type), isinstance([], (list, tuple)), isinstance(1, int | str), isinstance("a", int | None))
print(issubclass(bool, int), issubclass(int, object), issubclass(list, (tuple, object)), issubclass(type, object), issubclass(int, int | str))
print(int.__mro__, bool.__bases__, object.__bases__, int.__name__, int.__module__, type.__name__)
A = type("A", (), {"x": 1}); B = type("B", (A,), dict(y=2)); print(A.x, B().y, B().x, A.__name__, B.__mro__[1].__name__)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("type no args:", lambda: type())
attempt("type two args:", lambda: type("A", ()))
attempt("type bad name:", lambda: type(5, (), {}))
attempt("type bad bases:", lambda: type("A", 5, {}))
attempt("isinstance str:", lambda: isinstance(1, "int"))
attempt("isinstance tuple with int:", lambda: isinstance(1, (str, 5)))
print(object() != object(), type(None)(), bool(type(None)), callable(type), int | str, int | None)
print(str(type(None)), str(type(...)), repr(type(NotImplemented)))
