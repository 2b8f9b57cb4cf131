import numpy as np


def attempt(label, action):
    try:
        print(label, "gives", repr(action()))
    except Exception as error:
        print(label, "TypeError:" if isinstance(error, TypeError) else type(error).__name__ + ":", error)


def assign(array, key, value):
    array[key] = value
    return array


def in_place(array, value):
    array += value
    return array


attempt("ragged", lambda: np.array([[1, 2], [3]]))
attempt("broadcast", lambda: np.array([1, 2]) + np.array([1, 2, 3]))
attempt("index", lambda: np.array([1, 2, 3])[5])
attempt("index negative", lambda: np.zeros((2, 2))[0, -3])
attempt("too many", lambda: np.array([1, 2, 3])[1, 2])
attempt("float index", lambda: np.array([1, 2, 3])[1.0])
attempt("text index", lambda: np.zeros(3)["a"])
attempt("fancy index", lambda: np.array([1, 2, 3])[[0, 7]])
attempt("mask", lambda: np.zeros(3)[np.array([True, False])])
attempt("float array index", lambda: np.zeros(3)[np.array([1.5])])
attempt("fancy shapes", lambda: np.zeros((3, 3))[[0, 1], [0, 1, 2]])
attempt("out of bounds number", lambda: np.array([1, 2], np.uint8) + 300)
attempt("out of bounds element", lambda: np.array([1, 300], dtype=np.uint8))
attempt("out of bounds assignment", lambda: assign(np.zeros(2, np.uint8), 0, 256))
attempt("boolean subtract", lambda: np.array([True]) - np.array([True]))
attempt("boolean negative", lambda: -np.array([True]))
attempt("reshape", lambda: np.zeros((2, 3)).reshape(4, 2))
attempt("reshape two unknowns", lambda: np.zeros(4).reshape(-1, -1))
attempt("bitwise float", lambda: np.array([1.0, 2.0]) & 1)
attempt("invert float", lambda: ~np.array([1.0]))
attempt("matmul", lambda: np.zeros((2, 3)) @ np.zeros((2, 3)))
attempt("matmul scalar", lambda: np.array(2) @ np.array([1]))
attempt("dot", lambda: np.zeros((2, 3)).dot(np.zeros(2)))
attempt("truth", lambda: bool(np.array([1, 2])))
attempt("truth of empty", lambda: bool(np.array([])))
attempt("int of array", lambda: int(np.array([1, 2])))
attempt("index of array", lambda: [1, 2][np.array([1])])
attempt("concatenate dims", lambda: np.concatenate([np.zeros(2), np.zeros((2, 2))]))
attempt("concatenate sizes", lambda: np.concatenate([np.zeros((2, 2)), np.zeros((2, 3))]))
attempt("concatenate nothing", lambda: np.concatenate([]))
attempt("stack", lambda: np.stack([np.zeros(2), np.zeros(3)]))
attempt("axis", lambda: np.zeros(3).sum(axis=1))
attempt("axis of max", lambda: np.arange(3).max(axis=3))
attempt("repeated axis", lambda: np.zeros((2, 3)).sum(axis=(0, 0)))
attempt("max of nothing", lambda: np.zeros((0,)).max())
attempt("argmax of nothing", lambda: np.argmax([]))
attempt("assignment", lambda: assign(np.zeros(3), slice(None), np.zeros(2)))
attempt("negative power", lambda: np.array([2]) ** -1)
attempt("transpose", lambda: np.zeros((2, 3)).transpose(0, 0))
attempt("transpose count", lambda: np.zeros((2, 3)).transpose(0, 1, 2))
attempt("len", lambda: len(np.array(3)))
attempt("iterate", lambda: list(np.array(3)))
attempt("expand", lambda: np.expand_dims(np.zeros(2), 5))
attempt("squeeze", lambda: np.squeeze(np.zeros((2, 1)), axis=0))
attempt("item", lambda: np.array([1, 2]).item())
attempt("linspace", lambda: np.linspace(0, 1, -1))
attempt("hash", lambda: hash(np.array([1])))
attempt("randint", lambda: np.random.randint(5, 3))
attempt("choice", lambda: np.random.choice(3, 5, replace=False))
attempt("choice p", lambda: np.random.choice(3, 5, p=[0.5, 0.5]))
attempt("choice sum", lambda: np.random.choice(2, 5, p=[0.5, 0.6]))
attempt("seed", lambda: np.random.seed(-1))
attempt("dtype", lambda: np.dtype("foo"))
attempt("in place cast", lambda: in_place(np.array([1, 2]), 0.5))
attempt("in place shape", lambda: in_place(np.zeros(2), np.zeros((2, 2))))
attempt("zeros negative", lambda: np.zeros(-1))
attempt("zeros float", lambda: np.zeros(2.5))
attempt("arange step", lambda: np.arange(0, 5, 0))
attempt("frombuffer", lambda: np.frombuffer(b"abc", dtype=np.int16))
attempt("split", lambda: np.split(np.arange(5), 2))
attempt("bincount", lambda: np.bincount([-1]))
attempt("percentile", lambda: np.percentile([1], 101))
attempt("delete", lambda: np.delete([1, 2], 5))
attempt("float text", lambda: np.float32("a"))
attempt("attribute", lambda: np.zeros(3).foo)
attempt("module attribute", lambda: np.foo)
attempt("load", lambda: np.load("/nonexistent/x.npy"))
attempt("singular", lambda: np.linalg.inv(np.zeros((2, 2))))
attempt("interp", lambda: np.interp(1, [], []))
attempt("ellipses", lambda: np.zeros((2, 2))[..., ...])
attempt("averages", lambda: np.average([1, 2], weights=[0, 0]))
attempt("out", lambda: np.add([1, 2], [1, 2], out=np.zeros(3)))
attempt("broadcast_to", lambda: np.broadcast_to([1, 2], (3,)))
