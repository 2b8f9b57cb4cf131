# A generator that calls: with positional, keyword and spread arguments, methods, classes, natives, itself; before, between and
# after its yields, inside handlers, loops, with statements and comprehensions.
from contextlib import contextmanager


def add(a, b=10, *rest, scale=1, **named):
    return (a + b + sum(rest)) * scale + sum(named.values())


class Box:
    made = 0

    def __init__(self, value=0):
        Box.made += 1
        self.value = value

    def plus(self, other, times=1):
        return self.value + other * times

    def __call__(self, *a):
        return ("box", self.value) + a

    def __enter__(self):
        print("enter", self.value)
        return self

    def __exit__(self, kind, error, trace):
        print("exit", self.value, kind and kind.__name__)
        return kind is KeyError

    @property
    def double(self):
        return add(self.value, self.value)

    @staticmethod
    def still(x):
        return x + 0.5

    @classmethod
    def of(cls, x):
        return cls(x).value

    def __getitem__(self, key):
        return ("item", key, add(1, 2))

    def __add__(self, other):
        return Box(self.value + add(other, 0))

    def __iter__(self):
        yield self.value
        yield add(self.value)


def everything(seed):
    a = add(seed)
    sent = yield a
    print("sent", sent)
    yield add(seed, 1, 2, 3, scale=2, extra=5)
    yield add(*[seed, 1], **{"scale": 3})
    box = Box(seed)
    yield box.plus(1)
    yield box.plus(2, times=3)
    yield box.plus(*(2,), **{"times": 4})
    yield box("called"), box.double, box.still(1), box.of(7), box["key"], (box + 1).value
    yield list(box), [add(x, 0) for x in box], {x: add(x, y) for x in range(2) for y in (1, 2)}, {add(x, 1) for x in range(3)}
    yield sorted([3, 1, 2], key=lambda x: -x), max(1, 5, 3), len("abc"), "a-b".split("-"), "{}:{k}".format(1, k=2)
    for x in (add(y) for y in range(3)):
        yield x
    with Box(1) as one, Box(2) as two:
        yield one.value + two.value
        sent = yield add(one.value, two.value)
        print("sent", sent)
    with Box(3):
        raise KeyError(add(1, 1))
    try:
        yield add(1, "x")
    except TypeError as error:
        yield type(error).__name__, add(1, 1)
    finally:
        print("finally", add(2, 2))
        yield add(0, 0)

    @staticmethod
    def decorated(x):
        return add(x, seed)

    class Local(Box):
        size = add(1, 2)

        def __init__(self):
            super().__init__(add(seed, 5))

    yield decorated(1), Local.size, Local().value
    total = 0
    for i in range(3):
        total += add(i, 0)
        got = yield total
        if got:
            total += add(got, 0)
    return add(total, 1000)


def outer(seed):
    result = yield from everything(seed)
    print("returned", result)
    yield add(result, 1)


steps = outer(1)
value = next(steps)
index = 0
while True:
    print(index, value)
    index += 1
    try:
        value = steps.send(index if index % 3 == 0 else None)
    except StopIteration as stop:
        print("stopped", stop.value)
        break
print("made", Box.made)


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        for x in tree(depth - 1):
            yield add(x, 0)


print(sum(tree(7)), len(list(tree(5))))


def hungry(f):
    try:
        while True:
            try:
                x = yield f((yield "more"))
                print("got", x)
            except ValueError as error:
                print("inside", error, add(1, 2))
    finally:
        print("closed", add(3, 4))


g = hungry(lambda x: [x, add(x, x)])
print(next(g), g.send(5), g.send(6), g.send(7))
print(g.throw(ValueError("thrown")))
print(g.send(8))
try:
    g.throw(KeyError("out"))
except KeyError as error:
    print("KeyError", error)
print(list(g))
g = hungry(add)
print(next(g))
g.close()
g.close()


@contextmanager
def managed(name):
    print("open", name)
    try:
        yield add(len(name))
    except ZeroDivisionError as error:
        print("handled", error)
    finally:
        print("shut", name)


with managed("abc") as m:
    print(m)
with managed("de"):
    1 / 0


def deep(n):
    if n == 0:
        yield add(0, 0)
    else:
        yield from deep(n - 1)


print(list(deep(200)))


def endless():
    yield from endless()


try:
    next(endless())
except RecursionError as error:
    print("RecursionError", str(error)[:32])


def falls(n):
    yield add(n, 0)
    yield falls_deeper(n)


def falls_deeper(n):
    return add(n, 1) if n == 0 else falls_deeper(n - 1)


print(list(falls(100)))


def several(*sources):
    live = [iter(s) for s in sources]
    while live:
        for source in list(live):
            try:
                yield next(source)
            except StopIteration:
                live.remove(source)


print(list(several("abc", range(5), (add(x, 0) for x in (1, 2)), everything_short() if False else [9])))


def shares():
    yield running
    try:
        next(running)
    except ValueError as error:
        yield str(error)


running = shares()
print(next(running) is running, next(running))
print(next((x for x in iter([1, 2, 3]) if add(x, 0) > 1)), sum(x for x in iter(range(2, 20, 3))), list(x for x in reversed([1, 2])))
numbers = iter([1, 2, 3, 4])
print([x for x in (y for y in numbers if y < 3)], list(numbers))
