import numpy as np

a = np.arange(12)
print(a.reshape(3, 4), a.reshape((2, -1)).shape, a.reshape(2, 2, 3).shape, a.reshape(-1).shape, np.reshape(a, (4, 3))[0], a.reshape(3, 4).reshape(-1, 2).shape)
m = a.reshape(3, 4)
print(m.T, m.T.shape, m.transpose(), np.transpose(np.zeros((2, 3, 4)), (2, 0, 1)).shape, np.zeros((2, 3, 4)).transpose(1, 0, 2).shape, m.T.reshape(-1), m.T.ravel())
print(m.ravel(), m.flatten(), m.size, m.ndim, m.shape, m.nbytes, m.itemsize, m.strides, m.T.strides, m[:, ::2].strides)
f = m.flatten()
f[0] = 99
g = m.ravel()
g[1] = 88
print(m[0], m.swapaxes(0, 1).shape, np.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape, np.moveaxis(np.zeros((2, 3, 4)), [0, 1], [-1, 0]).shape, np.rollaxis(np.zeros((2, 3, 4)), 2).shape)
print(np.zeros((1, 3, 1)).squeeze().shape, np.squeeze(np.zeros((1, 3, 1)), axis=0).shape, np.expand_dims(a, 0).shape, np.expand_dims(a, -1).shape, np.expand_dims(m, (0, 3)).shape)
print(np.atleast_1d(3), np.atleast_2d([1, 2]), np.atleast_3d([[1, 2]]).shape, np.broadcast_to([1, 2], (3, 2)), [x.shape for x in np.broadcast_arrays(np.zeros((3, 1)), np.zeros(4))])

# joining and splitting
x, y = np.array([1, 2]), np.array([3, 4])
print(np.concatenate([x, y]), np.concatenate([[x], [y]], axis=0), np.concatenate(([[1], [2]], [[3], [4]]), axis=1), np.concatenate([m, m], axis=None).shape, np.concatenate([x, [1.5]]))
print(np.stack([x, y]), np.stack([x, y], axis=1), np.stack([m, m], axis=-1).shape, np.vstack([x, y]), np.hstack([x, y]), np.hstack([[[1]], [[2]]]), np.dstack([x, y]).shape, np.column_stack([x, y]))
print(np.append(x, 5), np.append([[1, 2]], [[3, 4]], axis=0), np.split(a, 3), np.split(a, [3, 7]), [p.shape for p in np.array_split(a, 5)], np.hsplit(m, 2)[1], np.vsplit(m, 3)[0])
print(np.tile([1, 2], 2), np.tile([1, 2], (2, 2)), np.repeat([1, 2], 2), np.repeat([[1, 2], [3, 4]], 2, axis=1), np.repeat([1, 2], [1, 3]), np.repeat(7, 3))
print(np.flip(x), np.flip(m), np.fliplr(m)[0], np.flipud(m)[0], np.flip(m, axis=0)[0], np.rot90([[1, 2], [3, 4]]), np.rot90([[1, 2], [3, 4]], 3), np.roll(a, 2), np.roll(m, 1, axis=0)[0], np.roll(m, 1))
print(np.triu(m), np.tril(m, -1), np.triu(np.ones((2, 2)), 1), np.diagonal(m), np.trace(m))
print(np.pad([1, 2], 1), np.pad([1, 2], (1, 2), constant_values=9), np.pad([1, 2, 3], 2, mode="edge"), np.pad([1, 2, 3], 2, mode="reflect"), np.pad([1, 2, 3], 2, mode="symmetric"), np.pad([1, 2, 3], 2, mode="wrap"), np.pad([[1]], ((1, 0), (0, 2))))
print(np.delete(a, [0, 2]), np.delete(m, 1, axis=0), np.delete(m, 0, 1)[0], np.insert([1, 2], 1, 9), np.resize([1, 2, 3], (2, 2)))
print(np.apply_along_axis(lambda row: row.max() - row.min(), 1, m), np.apply_along_axis(sorted, 0, [[3, 1], [2, 4]]), np.vectorize(lambda p, q: p if p > q else q)([1, 5], 3))
print(np.shape([[1, 2]]), np.ndim(3), np.size(m), np.size(m, 1), np.ravel([[1], [2]]), np.squeeze([[1]]), np.iterable([1]), np.isscalar(3))
print(m.tolist(), np.array(3).tolist(), m[0].tolist(), m.astype(np.float32).tolist()[0], m.item(5), m.item(1, 2), np.array([7]).item())
b = np.empty(3)
b.fill(2)
print(b, m.copy()[0, 0], (m.T + 0).shape, m.flat[5] if hasattr(m, "flat") else None)
print(m[:, ::-1] + m[::-1], (m[::-1] * 2).sum(), m[::-1].reshape(-1), m[:, ::-1].T @ np.ones(3), np.concatenate([m[::-1], m]).shape, m[::-1].copy().strides)
