class A:
    def __new__(cls, *args, **kw):
        print("new", cls.__name__, args, kw)
        return super().__new__(cls)
    def __init__(self, x, y=2): print("init", x, y)
A(1); A(1, y=3)
class Single:
    instance = None
    def __new__(cls):
        if cls.instance is None: cls.instance = super().__new__(cls)
        return cls.instance
print(Single() is Single())
class Other:
    def __new__(cls): return 42
    def __init__(self): print("never called")
print(Other())
class Ret:
    def __init__(self): return 5
try: Ret()
except TypeError as error: print("TypeError:", error)
class Inherit(A): pass
Inherit("only new and init of A")
o = object.__new__(Ret); print(type(o).__name__, isinstance(o, Ret))
class Upper(str):
    def __new__(cls, s): return super().__new__(cls, s.upper())
print(Upper("abc"), len(Upper("xy")))
class Del:
    def __del__(self): print("deleted")
d = Del(); d = None; print("after")
def scope(): d = Del(); print("in scope")
scope()
x = Del(); del x
l = [Del()]; l.clear(); print("end")
class Raises:
    def __init__(self): raise ValueError("in init")
try: Raises()
except ValueError as error: print("ValueError:", error)
T = type("T", (A,), {"z": 5, "m": lambda self: self.z}); t = T(0); print(t.m(), T.__name__, type(T) is type, T.__bases__ == (A,))
try: A.__new__(int)
except TypeError as error: print("TypeError:", error)
try: object.__new__(5)
except TypeError as error: print("TypeError:", error)
