"""The module's docstring."""
print("module:", __doc__)
def f():
    "one line"
    return 1
def g():
    """Several
    lines."""
def h():
    return "not a docstring"
def j():
    f"not a docstring {1}"
class C:
    """A class."""
    def m(self):
        """A method."""
print("function:", f.__doc__)
print("lines:", repr(g.__doc__))
print("none:", h.__doc__, j.__doc__)
print("class:", C.__doc__, "/", C.m.__doc__, "/", C().m.__doc__)
f.__doc__ = "changed"
print("changed:", f.__doc__)
print("lambda:", (lambda: "x").__doc__)
