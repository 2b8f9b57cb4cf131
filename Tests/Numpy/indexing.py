import numpy as np

a = np.arange(24).reshape(2, 3, 4)
print(a[1, 2, 3], a[-1, -1, -1], repr(a[0, 1]), a[1].shape)
print(a[:, 1], a[..., 0], a[0, ..., 1], a[:, ::2, 1:3])
print(a[::-1].tolist(), a[0, ::-1, ::-2])
print(a[None].shape, a[:, None].shape, a[..., np.newaxis].shape, a[1, None, 2].shape, a[()].shape)
print(a[0][1][2], a[1:].shape, a[5:].shape, a[:, 1:1].shape, a[-1:, -2:].shape)

v = np.arange(10) * 10
print(v[2:7], v[:-3], v[::3], v[::-1], v[7:2:-2], v[-3:], v[100:], v[:0])
print(v[[1, 3, 5]], v[[-1, 0]], v[np.array([[0, 1], [2, 3]])], v[[]], v[np.array([2], np.uint8)], v[(4,)], v[np.int64(4)])
print(v[v > 40], v[(v > 20) & (v < 70)], v[~(v > 20)], v[v % 20 == 0], v[np.zeros(10, bool)])
print(v[[True] * 3 + [False] * 7])

m = np.arange(12).reshape(3, 4)
print(m[[0, 2]], m[:, [1, 3]], m[[0, 1, 2], [0, 1, 2]], m[[[0], [2]], [1, 3]])
print(m[m > 5], m[m.sum(axis=1) > 10], m[:, m[0] > 1], m[1, m[1] > 4])
print(m[[0, 2], 1], m[1, [0, 2]], m[[0, 1], :2], m[np.ix_([0, 1], [2, 3])] if hasattr(np, "ix_") else m[[0, 1]][:, [2, 3]])
print(a[:, [0, 2], 1], a[[0, 1], :, [1, 2]], a[0, [0, 1]], a[[1, 0]][:, 0, 0])
print(m[True].shape, m[False].shape, m[..., [0, 1]].shape, m[None, [0, 1]].shape)

# writing
w = np.zeros(6, dtype=int)
w[0] = 1
w[1:3] = [2, 3]
w[-1] = 9
w[[3, 4]] = 7
print(w)
w[w == 7] = -1
w[::2] += 100
print(w)
n = np.zeros((3, 4))
n[1] = 5
n[:, 2] = [1, 2, 3]
n[0, 0] = 3.7
n[2, 1:3] = n[1, 1:3]
n[[0, 2], [3, 3]] = [8, 9]
print(n)
n[n > 4] = 0
n[..., -1] = -1
n[:] = n[::-1]
print(n)
n[0, :] = n[:, 0][:, None].T if False else 1
n[n == 1] *= 2
print(n)
u = np.array([1, 2, 3], np.uint8)
u[0] = 255
u[1] = 3.9
u[2] = True
print(u)
t = np.arange(6).reshape(2, 3)
t[::-1, ::-1][0, 0] = 99
t.T[0, 1] = -5
print(t)
t[:, :] = [[1], [2]]
print(t)
view = t[0]
view += 10
t[1][0] = 77
print(t)
q = np.arange(5)
q[1:] = q[:-1]
print(q)
z = np.zeros((2, 2))
z[np.array([[True, False], [False, True]])] = [4, 5]
print(z)
k = np.array(5.0)
k[...] = 7
k[()] += 1
print(k, k[()], repr(k[...]))

# selection functions
print(np.where(v > 40), np.where(v > 40, v, -1), np.where([True, False], 1, 2.5), np.where(m > 5, m, 0))
print(np.nonzero(m > 8), np.argwhere(m > 8), np.flatnonzero(v > 60), m.nonzero()[0])
print(np.take(v, [1, 2]), m.take([0, 3], axis=1), np.take(m, 5), m.take([[0, 1], [2, 0]], axis=0).shape)
print(np.take_along_axis(m, m.argsort(axis=1)[:, ::-1], axis=1), np.select([v < 30, v > 60], [v, -v], 0))
np.put_along_axis(m, np.array([[0], [1], [2]]), -9, axis=1)
print(m)
print(np.extract(v > 50, v), np.clip(v, 15, 55), v.clip(min=20), np.clip(v, None, 30), np.clip([1.5, 9], 2, 3))
print(5 in np.arange(6), 2.5 in np.arange(6), [list(r) for r in m[:2]], [x for x in v[:3]], len(m))
print(np.unravel_index(7, (3, 4)), np.unravel_index(m.argmax(), m.shape), np.ravel_multi_index((1, 2), (3, 4)), list(np.ndindex(2, 2)), list(np.ndenumerate(np.array([[1, 2]]))))
