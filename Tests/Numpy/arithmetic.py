import numpy as np

a = np.array([1, 2, 3])
b = np.array([4.0, 5.0, 6.5])
print(a + b, a - b, a * b, a / b, b // a, b % a, a ** 2, b ** 0.5, -a, +b, abs(-b))
print(1 + a, 1 - a, 2 * a, 1 / a, 7 // a, 7 % a, 2 ** a, 10 - b)
print(a + [10, 20, 30], [1, 2, 3] * a, (1, 1, 1) - a, divmod(np.array([7, -7]), 3))
print(np.array([-7, 7]) // 2, np.array([-7, 7]) % 3, np.array([-7.5, 7.5]) // 2, np.array([-7.5, 7.5]) % -2, np.fmod([-7, 7], 3))
print(a[:, None] * a, (a.reshape(3, 1) + np.zeros((1, 2))).shape, np.ones((2, 3)) + a)
print(a == 2, a != [1, 0, 3], a < 2.5, a >= np.array([3, 2, 1]), (a > 1) & (a < 3), (a > 2) | (a < 2), ~(a > 1), (a > 1) ^ (a > 2))
print(np.array([1, 0]) / 0 if False else np.isfinite(np.array([1.0]) / np.array([0.0])), np.array([5, 6]) // np.array([0, 2]), np.array([5, 6]) % np.array([0, 4]))
print(a & 1, a | 4, a ^ 3, a << 2, a >> 1, ~a, np.invert(np.array([True, False])))
c = np.array([1.0, 2.0])
c += 1
c *= [2, 3]
c /= 2
c -= 0.5
c **= 2
print(c)
d = np.array([5, 6])
d //= 2
d %= 2
d <<= 3
print(d)

# functions
x = np.array([0.0, 0.5, 1.0, 2.0])
for name in ["sqrt", "exp", "expm1", "log1p", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "floor", "ceil", "rint", "trunc", "square", "sign", "exp2", "degrees", "radians"]:
    print(name, np.round(getattr(np, name)(x), 12))
print(np.log([1.0, np.e]), np.log2([8.0]), np.log10([1000.0]), np.cbrt([27.0]), np.arcsin([1.0]), np.arccos([1.0]), np.arctan2([1.0, -1.0], [1.0, -1.0]), np.hypot(3.0, 4.0))
print(np.maximum(a, 2), np.minimum([1, 5], [3, 2]), np.maximum([1, np.nan], [0, 0]), np.fmax([1, np.nan], [0, 0]), np.fmin([np.nan, 3], [1, 5]))
print(np.abs([-1, 2]), np.absolute(-3.5), np.negative([1]), np.reciprocal(4.0), np.power(2, [1, 2, 3]), np.power([4.0], 0.5), np.mod(7, 3), np.add(1, 2))
print(np.isnan([1, np.nan]), np.isinf([np.inf, 0]), np.isfinite([np.inf, 0, np.nan]), np.signbit([-0.0, 1.0]), np.copysign([1.0, 2.0], -1))
print(np.logical_and([1, 0], [1, 1]), np.logical_or([1, 0], [0, 0]), np.logical_not([1, 0]), np.logical_xor([True, True], [True, False]))
print(np.greater([1, 2], 1), np.equal(a, a), np.less_equal(a, 2), np.bitwise_and(6, 3), np.left_shift(1, 3))
print(np.round([1.5, 2.5, -0.5, 1.25]), np.round([1.234, 5.678], 1), np.around(1234.5, -2), np.array([1.005, 2.675]).round(2), np.round(np.float64(2.567), 2), np.array([15, 25]).round(-1))
out = np.zeros(3)
print(np.add(a, 1, out=out) is out, out, np.multiply(a, 2, where=[True, False, True], out=np.zeros(3, int)))
print(np.add([1, 2], [3, 4], dtype=np.float32).dtype, np.exp(np.array([0.0], np.float32)), np.sqrt(np.int64(16)))

# products
m = np.array([[1, 2], [3, 4]])
n = np.array([[0.5, 1], [1.5, 2]])
print(m @ m, m @ n, m @ [1, 1], [1, 1] @ m, np.dot(a, a), np.dot(m, 2), m.dot(m), np.matmul(n, n))
print((np.ones((2, 3, 4)) @ np.ones((4, 5))).shape, (np.ones((2, 1, 3, 4)) @ np.ones((5, 4, 2))).shape, np.dot(np.ones((2, 3)), np.ones((4, 3, 5))).shape)
print(np.outer([1, 2], [3, 4]), np.inner([1, 2], [3, 4]), np.vdot(m, m), np.tensordot(m, m, axes=1), np.kron([1, 2], [1, 1]), np.cross([1, 0, 0], [0, 1, 0]), np.trace(m))
print(np.einsum("ij,jk->ik", m, m), np.einsum("ii", m), np.einsum("ij->ji", m), np.einsum("ij,ij->", m, m), np.einsum("i,j->ij", [1, 2], [3, 4]), np.einsum("bij,bjk->bik", np.ones((2, 2, 3)), np.ones((2, 3, 2))).shape)
print(np.array([200, 100], np.uint8) @ np.array([2, 1], np.uint8), (np.array([[True, False]]) @ np.array([[True], [True]])))
print(np.linalg.norm([3.0, 4.0]), np.linalg.norm(m, axis=1), np.round(np.linalg.inv(m), 10), np.round(np.linalg.det(m), 10), np.linalg.solve(m, [5, 6]).round(10), np.linalg.norm([1, -2], ord=1), np.linalg.norm([1, -2], ord=np.inf))
print(np.convolve([1, 2, 3], [0, 1, 0.5]), np.convolve([1, 2, 3], [1, 1], mode="same"), np.convolve([1, 2, 3], [1, 1], mode="valid"), np.interp([0.5, 3, -1], [0, 1, 2], [0, 10, 20]), np.polyval([1, 2, 3], 2), np.polyfit([0, 1, 2], [1, 3, 5], 1).round(8) + 0.0)
