"""Code that is legal and surely not meant; the program beside it shows what is said about it."""


def identity(x):
    if x is 5:
        return 1
    if x is not "text":
        pass
    a = x is -1
    b = x is (1, 2)
    c = 1 < x is 3
    fine = x is None or x is True or x is ... or x is not False
    y = x is x is "z"
    while x is 1.5:
        break
    return [a, b, c, fine, y, x is b"q", x is f"{x}", x is []]


def callee():
    return [
        (1, 2)
        (3, 4),
        "a" (1),
        1 (2),
        [1] (2),
        {1} (2),
        {1: 2} (3),
        [i for i in range(3)] (1),
        f"{1}" (2),
        None (1),
        (lambda: 1)(),
        ...(1),
    ]


def subscripts(i):
    return [
        [1, 2]
        [3, 4],
        (1, 2) ["a"],
        "abc" [1.5],
        "abc" [(1, 2)],
        b"abc" ["x"],
        1 [0],
        1.5 [0],
        None [i],
        ... [i],
        {1} [0],
        {i for i in ()} [0],
        (i for i in ()) [0],
        (lambda: 1) [0],
        [1][i],
        [1][True],
        "abc"[1:2],
        {1: 2}["a"],
        [x for x in ()] ["a"],
        f"{i}" ["a"],
        True [0],
        [1][{1: 2}],
        [1][lambda: 1],
    ]


def assertions(x):
    assert (x, "message")
    assert (x,), "again"
    assert ()
    try:
        pass
    finally:
        x is 7
