import numpy as np

names = ["bool", "uint8", "int8", "int16", "int32", "int64", "float32", "float64"]

# promotion of arrays
for first in names:
    print(first, [str(np.promote_types(first, second)) for second in names])
for first in names:
    print(first, [str((np.ones(1, first) + np.ones(1, second)).dtype) for second in names])
for first in names:
    print(first, [str((np.ones(1, first) / np.ones(1, second)).dtype) for second in names])

# numbers of the language bend to the array
for name in names:
    a = np.ones(2, name)
    print(name, (a + 1).dtype, (a + 1.5).dtype, (a * True).dtype, (2 ** a).dtype, (a > 1).dtype, (1 / a).dtype)

# scalars promote as arrays do
for name in names:
    s = np.dtype(name).type(1)
    print(name, type(s).__name__, (s + s).dtype, (s + np.float32(1)).dtype, (s + 1).dtype, (s + 1.0).dtype, (s * np.ones(1, "int16")).dtype)

# results of functions
for name in names:
    a = np.ones((2, 2), name)
    print(name, a.mean().dtype, a.max().dtype, a.argmax().dtype, a.std().dtype, np.square(a).dtype)
for name in ["int32", "int64", "float32", "float64"]:
    a = np.ones(2, name)
    print(name, np.sqrt(a).dtype, np.exp(a).dtype, np.floor(a).dtype, a.sum().dtype, a.prod().dtype, np.isnan(a).dtype)

# dtype objects
for name in names:
    d = np.dtype(name)
    print(repr(d), str(d), d.name, d.itemsize, d.kind, d.char, d.str, d.num, d.type)
print(np.dtype(float), np.dtype(int), np.dtype(bool), np.dtype("f4"), np.dtype("<i8"), np.dtype("u1"), np.dtype("?"), np.dtype("d"), np.dtype("single"))
print(np.dtype("float32") == np.float32, np.dtype("float32") == "float32", np.dtype("float32") == "f4", np.dtype("float32") != float, np.dtype(float) == float)
print(np.array([1.0]).dtype == np.float64, np.array([1]).dtype is not None, {np.dtype("int8"): 1}[np.dtype("int8")])
print(np.float32, np.bool_, np.int64, np.ndarray)
print(issubclass(np.float32, np.floating), issubclass(np.uint8, np.integer), issubclass(np.float64, float), issubclass(np.int64, int), issubclass(np.bool_, np.generic))
print(np.issubdtype(np.float32, np.floating), np.issubdtype(np.dtype("int8"), np.integer), np.issubdtype(bool, np.number), np.issubdtype(np.uint8, np.unsignedinteger))
print(np.result_type(np.int8, np.float32), np.result_type(np.ones(1, np.uint8), 3), np.result_type(np.ones(1, np.uint8), 3.0), np.result_type(1, 2.0))
print(np.can_cast("int8", "int16"), np.can_cast("float64", "float32"), np.can_cast(np.uint8, np.int8), np.can_cast("float64", "float32", "same_kind"))

# conversions
print(np.array([300, -1, 256]).astype(np.uint8), np.array([1.7, -1.7, 200.9]).astype(np.int8), np.array([0, 2, 0.5]).astype(bool), np.array([True]).astype(float))
print(np.array([2**40 + 1]).astype(np.int32), np.array([1e10]).astype(np.float32), np.array([0.1]).astype(np.float32).astype(float))
a = np.array([250, 10], np.uint8)
print(a + a, a * 2, a - np.uint8(11), -a, ~a, a << 1, a >> 1)
print(np.array([100], np.int8) + np.array([100], np.int8), np.array([2**31 - 1], np.int32) + 1)
print(np.finfo(np.float32).eps, np.finfo(float).max, np.finfo(np.float64).eps, np.iinfo(np.uint8).max, np.iinfo(np.int32).min, np.iinfo(np.int64).max)
print(np.arange(6, dtype=np.int32).view(np.uint8).shape, np.array([1.0]).view(np.int64), np.array([1, 0, 0, 0], np.uint8).view(np.int32))
