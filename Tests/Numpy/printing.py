import numpy as np

for value in [
    [1.0], [1.5, 2.25], [0.1, 0.2], [1e-5, 1.0], [1e8, 1.0], [1e10], [123456789.0], [0.001953125], [1 / 3, 2 / 3], [100.0, 0.001], [1000.5, 0.5],
    [np.nan, 1.0], [np.inf, -np.inf, 1.5], [-1.0, 1.0], [1e-300], [1.23456789e-7, 3.0], [0.0, -0.0], [1, 10, 100], [-5, 50], [True, False],
    [[1.0, 2.5], [-3.25, 4.0]], [[1, 200], [30, 4]], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[np.nan, 1], [2, 3]], [1e-4, 1e-3], [9999.0, 10.0],
]:
    a = np.array(value)
    print(a)
    print(repr(a))
for value in [[0.1, 0.2], [1 / 3], [1e6], [1e7, 1.0], [16777216.0], [0.1, 100.0], [1e-5], [3.1415927], [123456.79, 1.0]]:
    print(repr(np.array(value, np.float32)), np.array(value, np.float32))
print(repr(np.array([1, 2], np.uint8)), repr(np.array([1, -2], np.int8)), repr(np.array([True])), repr(np.array(3)), repr(np.array(2.5, np.float32)), np.array(2.5), repr(np.array(True)))
print(repr(np.array([])), repr(np.zeros((0, 3))), repr(np.array([], dtype=int)), np.zeros((2, 0)), repr(np.zeros((2, 0), np.float32)))
print(np.arange(30))
print(repr(np.arange(30)))
print(repr(np.arange(40) / 7))
print(repr(np.linspace(0, 1, 12, dtype=np.float32)))
print(np.arange(100).reshape(5, 20))
print(np.arange(2000))
print(repr(np.arange(2000)), repr(np.zeros(1001, np.float32)))
print(np.arange(10000).reshape(100, 100))
print(repr(np.ones((4, 300, 2))))
print(np.random.RandomState(0).rand(3, 3))
print(repr(np.random.RandomState(0).randn(2, 3).astype(np.float32)))
print(np.ones((2, 2, 2, 2)))
print(np.eye(3, dtype=int), np.eye(3)[0], [np.array([1, 2])], {"a": np.zeros(2)})
np.set_printoptions(precision=3)
print(np.array([1 / 3, 2 / 3, 1e-5]), np.array([1.23456]))
np.set_printoptions(precision=8, suppress=True)
print(np.array([1 / 3, 1e-5, 1e5]), np.array([1e-10]))
np.set_printoptions(suppress=False, threshold=5, edgeitems=2)
print(np.arange(10), np.arange(36).reshape(6, 6))
np.set_printoptions(threshold=1000, edgeitems=3, linewidth=40)
print(np.arange(20), repr(np.arange(20)))
np.set_printoptions(linewidth=75)
with np.printoptions(precision=2):
    print(np.array([1.2345, 2.3456]))
print(np.array([1.2345, 2.3456]), np.array2string(np.array([1.5, 2.25]), separator=", "), np.array2string(np.array([1, 2, 3]), separator="|"))
print(f"{np.array([1, 2])}", "%s" % np.array([1.0]), str(np.float32(0.1)), format(np.array([1, 2]), ""))
