# The attribute is looked up first, then the arguments are evaluated, then the call is made.
import math
from collections import deque


def note(value):
    print("argument", value)
    return value


def attempt(f):
    try:
        print("result", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


class Plain:
    shared = 3

    def __init__(self):
        self.own = lambda *a: ("own",) + a

    def method(self, *a, **k):
        return ("method",) + a + tuple(sorted(k.items()))

    @property
    def computed(self):
        print("getter")
        return lambda *a: ("computed",) + a

    @property
    def failing(self):
        print("failing getter")
        raise ValueError("no value")

    @staticmethod
    def static(*a):
        return ("static",) + a

    @classmethod
    def of_class(cls, *a):
        return (cls.__name__,) + a


class Dynamic:
    def __getattr__(self, name):
        print("__getattr__", name)
        if name.startswith("no"):
            raise AttributeError("refused " + name)
        return lambda *a: (name,) + a


class Every:
    def __getattribute__(self, name):
        print("__getattribute__", name)
        return lambda *a: (name,) + a


class Callable:
    def __call__(self, *a):
        return ("called",) + a


class Function:
    def __get__(self, instance, owner):
        print("__get__", owner.__name__)
        return lambda *a: ("bound",) + a


class Described:
    function = Function()


plain = Plain()
print("missing on built-in values")
attempt(lambda: (1).missing(note(1)))
attempt(lambda: (1.5).missing(note(1), note(2)))
attempt(lambda: "text".missing(note(1)))
attempt(lambda: [1].missing(note(1)))
attempt(lambda: {}.missing(note(1)))
attempt(lambda: (1,).missing(note(1), k=note(2)))
attempt(lambda: None.missing(note(1)))
attempt(lambda: len.missing(note(1)))
attempt(lambda: note.missing(note(1)))
attempt(lambda: deque().missing(note(1)))
print("missing on instances, classes and modules")
attempt(lambda: plain.missing(note(1)))
attempt(lambda: plain.missing(k=note(1)))
attempt(lambda: Plain.missing(note(1)))
attempt(lambda: math.missing(note(1)))
attempt(lambda: plain.missing(note(1)).other(note(2)))
attempt(lambda: plain.missing(undefined_name))
attempt(lambda: plain.missing([][0]))
attempt(lambda: plain.missing(plain.also_missing))
attempt(lambda: plain.missing(*note([1])))
print("present")
attempt(lambda: plain.method(note(1)))
attempt(lambda: plain.method(note(1), k=note(2)))
attempt(lambda: plain.own(note(1), note(2)))
attempt(lambda: plain.static(note(1)))
attempt(lambda: plain.of_class(note(1)))
attempt(lambda: Plain.of_class(note(1)))
attempt(lambda: Plain.method(note("self"), note(1)))
attempt(lambda: plain.computed(note(1)))
attempt(lambda: plain.failing(note(1)))
attempt(lambda: plain.shared(note(1)))
attempt(lambda: math.sqrt(note(16)))
attempt(lambda: math.pi(note(16)))
attempt(lambda: [3, 1, 2].index(note(2)))
attempt(lambda: deque([1, 2]).count(note(2)))
attempt(lambda: Described().function(note(1)))
print("hooks")
attempt(lambda: Dynamic().something(note(1)))
attempt(lambda: Dynamic().nothing(note(1)))
attempt(lambda: Every().something(note(1), k=note(2)))
attempt(lambda: Every().something(note(1)))
print("super")


class Derived(Plain):
    def method(self, *a):
        return super().method(note("derived"), *a)

    def absent(self):
        return super().absent(note("derived"))


attempt(lambda: Derived().method(note(1)))
attempt(lambda: Derived().absent())
print("one place, many receivers")


def apply(receiver, value):
    return receiver.method(note(value))


class Other:
    def method(self, value):
        return ("other", value)


class Slotted:
    __slots__ = ("method",)

    def __init__(self):
        self.method = Callable()


class Holder:
    pass


holder = Holder()
holder.method = plain.method
instance_call = Holder()
instance_call.method = Callable()
module_like = Holder()
for receiver in [plain, Other(), plain, holder, instance_call, Slotted(), Dynamic(), Plain, 5, plain, module_like, Other()]:
    attempt(lambda: apply(receiver, 1))
print("recursion through the same place")


class Chain:
    def __init__(self, next):
        self.next = next

    def method(self, value):
        return ("chain", value)


def nested(receivers):
    if not receivers:
        return "end"
    return receivers[0].method(nested(receivers[1:]))


attempt(lambda: nested([plain, Chain(None), holder, instance_call, Dynamic(), plain]))
print("attributes change while the arguments are evaluated")


class Changing:
    pass


def change(target):
    target.call = lambda *a: ("second",) + a
    return "changed"


def remove(target):
    del target.call
    return "removed"


changing = Changing()
changing.call = lambda *a: ("first",) + a
attempt(lambda: changing.call(change(changing)))
attempt(lambda: changing.call(remove(changing)))
attempt(lambda: changing.call(note(1)))
print("in generators")


def stepwise(receiver):
    result = yield receiver.method((yield "before"))
    print("sent", result)
    yield receiver.missing((yield "never"))


steps = stepwise(instance_call)
print(next(steps))
print(steps.send("argument"))
attempt(lambda: steps.send("again"))
attempt(lambda: next(steps))
print("unbound locals")


def unbound(flag):
    if flag:
        value = 1
    return plain.missing(value)


attempt(lambda: unbound(True))
attempt(lambda: unbound(False))
