import numpy as np

# from values
print(repr(np.array([1, 2, 3])))
print(repr(np.array([1, 2.5])), np.array([True, 2]).dtype, np.array([True, False]).dtype)
print(repr(np.array([[1, 2], [3, 4]], dtype=np.float32)))
print(repr(np.array(5)), repr(np.array(2.5)), np.array([]).dtype, np.array([[]]).shape)
print(repr(np.array((1, (2)))), repr(np.array(range(4))), np.array([[1, 2], (3, 4)]).tolist())
print(np.array([np.float32(1), np.float32(2)]).dtype, np.array([np.float32(1), 2.0]).dtype, np.array([np.int8(1), np.uint8(2)]).dtype)
print(repr(np.array([np.array([1, 2]), np.array([3.5, 4])])), np.array([1, 2], ndmin=3).shape)
print(repr(np.array("3.5", dtype=float)) if False else repr(np.array([1.9, -1.9]).astype(int)))

# filled
print(np.zeros(3), np.zeros((2, 2), dtype=int), np.ones((1, 3), np.float32), np.full((2, 2), 7), np.full(2, 1.5), np.full((2, 2), [1, 2]))
print(np.zeros((0, 3)).shape, np.empty((2, 3)).shape, np.zeros(()).shape, repr(np.ones(2, dtype=bool)))
base = np.array([[1, 2], [3, 4]], dtype=np.int16)
print(np.zeros_like(base).dtype, np.ones_like(base, dtype=float), np.full_like(base, 9), np.empty_like(base).shape)

# ranges
print(np.arange(5), np.arange(2, 8, 2), np.arange(5, 0, -2), np.arange(0, 1, 0.25), np.arange(3.0), np.arange(0), np.arange(5, dtype=np.float32))
print(repr(np.arange(0, 1, 0.1)), len(np.arange(0, 1, 0.1)))
print(np.linspace(0, 1, 5), np.linspace(0, 10, 4), np.linspace(1, 2, 3, endpoint=False), np.linspace(5, 5, 3), np.linspace(0, 1, 1), np.linspace(0, 1, 0))
print(repr(np.linspace(0, 1, 11)), np.linspace(0, 10, 5, dtype=int), np.linspace(0, 1, 3, retstep=True))
print(np.linspace([0, 10], [1, 20], 3))
print(np.logspace(0, 2, 3), np.geomspace(1, 1000, 4))
print(np.eye(3), np.eye(2, 3, k=1), np.eye(3, k=-1, dtype=int), np.identity(2))
print(np.tri(3), np.diag([1, 2, 3]), np.diag(np.arange(9).reshape(3, 3)), np.diag([1, 2], k=1))

# grids
x, y = np.meshgrid([1, 2, 3], [4, 5])
print(x, y)
i, j = np.meshgrid([1, 2], [3, 4, 5], indexing="ij")
print(i.shape, j)
print(np.indices((2, 3)), np.mgrid[0:2, 0:3])
print(np.r_[1:4, 0, 4], np.c_[[1, 2], [3, 4]])

# sharing and copying
a = np.arange(4)
b = np.asarray(a)
c = np.array(a)
d = a[1:3]
b[0] = 100
d[0] = 50
print(a, c, b is a, np.shares_memory(a, d), np.shares_memory(a, c))
print(np.asarray([1, 2], dtype=np.float32), np.asarray(a, dtype=float).dtype)
print(np.frombuffer(b"\x01\x02\x03\x04", dtype=np.uint8), np.frombuffer(b"\x01\x00\x00\x00\x02\x00\x00\x00", dtype=np.int32), np.frombuffer(b"\x00\x00\x80?abcd", dtype="<f4", count=1))
print(np.fromiter((n * n for n in range(4)), dtype=int), np.fromfunction(lambda i, j: i + j, (2, 3)))
print(np.ascontiguousarray(np.arange(6).reshape(2, 3).T), np.copy([1, 2]))
print(np.arange(6).reshape(2, 3).tobytes()[:9], np.array([1, 2], np.uint8).tobytes())
import copy
e = np.array([1, 2])
f = copy.deepcopy({"k": e})
e[0] = 9
print(f, copy.copy(e))
