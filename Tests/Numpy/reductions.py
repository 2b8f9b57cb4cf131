import numpy as np

m = np.array([[1, 5, 2], [4, 3, 6]])
f = m * 1.5
print(m.sum(), m.sum(axis=0), m.sum(axis=1), m.sum(axis=-1, keepdims=True), m.sum(axis=(0, 1)), np.sum(f), np.sum([1, 2.5]), m.sum(dtype=float))
print(m.prod(), m.prod(axis=0), m.min(), m.max(axis=1), np.min(m, axis=0), np.amax(m), f.max(axis=0, keepdims=True))
print(m.mean(), m.mean(axis=0), f.mean(axis=1), np.mean([True, False]), m.std(), m.var(axis=1), f.std(axis=0, ddof=1), np.var([1, 2, 3, 4]))
print(m.argmax(), m.argmin(axis=0), np.argmax(m, axis=1), np.argmax([1, 3, 3]), np.argmin([2, 1, 1]), np.argmax([1, np.nan, 2]), m.argmax(axis=1, keepdims=True))
print((m > 3).any(), (m > 0).all(), (m > 3).any(axis=0), (m > 2).all(axis=1), np.any([]), np.all([]), np.all([[True, False], [True, True]], axis=0))
print(m.cumsum(), m.cumsum(axis=0), np.cumsum(f, axis=1), np.cumprod([1, 2, 3, 4]), np.diff([1, 4, 9]), np.diff(m, axis=0), np.diff([1, 4, 9, 16], n=2))
print(np.ptp(m), np.ptp(m, axis=0), np.median(m), np.median([3, 1, 2, 4]), np.median(f, axis=1), np.average([1, 2, 3], weights=[3, 2, 1]), np.average(m, axis=0))
print(np.percentile([1, 2, 3, 4, 5], 50), np.percentile([1, 2, 3, 4], [25, 50, 75]), np.quantile(f, 0.3), np.percentile(m, 40, axis=0), np.percentile([1, 2, 3, 10], 90, method="nearest"))
print(np.quantile([0.1, 0.7, 0.3, 0.9], [0, 0.1, 0.333, 1]), np.percentile(m, [10, 90], axis=1))
print(np.nansum([1, np.nan]), np.nanmean([1, np.nan, 3]), np.nanmax([1, np.nan]), np.nanmin([[1, np.nan], [5, 2]], axis=0), np.nanstd([1, 2, np.nan]), np.nanargmax([1, np.nan, 3]), np.nanmedian([1, np.nan, 3]))
print(np.count_nonzero([0, 1, 2]), np.count_nonzero(m > 2, axis=0), np.array([]).sum(), np.zeros((0, 3)).sum(axis=0), np.zeros((2, 0)).mean(axis=0).shape)
print(np.array([1.0, 2.0], np.float32).sum(), repr(np.array([1, 2], np.float32).mean()), repr(np.float32([0.1, 0.2, 0.3]).sum()))

# sums agree to the last digit, whatever the axis
r = np.random.RandomState(0).rand(1000)
s = np.random.RandomState(1).rand(40, 50)
t = np.random.RandomState(2).rand(6, 7, 8).astype(np.float32)
print(r.sum(), r.mean(), r.std(), r.var(), r[:7].sum(), r[:129].sum(), r[::3].sum())
print(s.sum(), s.sum(axis=0)[:3], s.sum(axis=1)[:3], s.mean(axis=0)[:2], s.std(axis=1)[:2])
print(t.sum(), t.mean(), t.sum(axis=(1, 2)), t.sum(axis=0)[0, :2], t.mean(axis=(0, 2)), t.var())

# ordering
v = np.array([3, 1, 2, 3, 0])
print(np.sort(v), np.argsort(v, kind="stable"), v.argsort()[:2], np.sort(m, axis=0), np.sort(m), np.sort(m, axis=None), np.sort([2, np.nan, 1]), np.sort(v)[::-1])
w = v.copy()
w.sort()
print(w, np.searchsorted([1, 2, 3], 2), np.searchsorted([1, 2, 3], [0, 2, 4], side="right"), np.digitize([0.5, 1.5, 2.5], [0, 1, 2]), np.lexsort(([1, 0, 2], [5, 5, 4])))
print(np.unique(v), np.unique([[1, 2], [2, 3]]), np.unique(v, return_counts=True), np.unique(v, return_index=True, return_inverse=True), np.unique([[1, 2], [1, 2], [0, 3]], axis=0), np.unique([1.5, np.nan, np.nan]))
print(np.isin([1, 2, 5], [2, 5, 7]), np.intersect1d([1, 2, 3], [2, 3, 4]), np.union1d([1, 2], [2, 3]), np.setdiff1d([1, 2, 3], [2]))
print(np.bincount([0, 1, 1, 3]), np.bincount([1, 2], minlength=5), np.bincount([0, 1, 1], weights=[0.5, 1, 2]), np.bincount([]))
print(np.histogram([1, 2, 1, 4], bins=3), np.histogram([1, 2, 1, 4], bins=[0, 1, 2, 5]), np.histogram([0.1, 0.5, 0.9], bins=2, range=(0, 1)), np.histogram([1, 2, 3], density=True)[0], np.histogram([], bins=2), np.histogram([2, 2], bins=2))
print(np.histogram(r, bins=7), np.histogram2d([0, 1, 1], [0, 0, 1], bins=2)[0])
print(np.allclose([1, 2], [1, 2 + 1e-9]), np.allclose([1.0], [1.1]), np.isclose([1, np.nan, np.inf], [1, np.nan, np.inf]), np.isclose(np.nan, np.nan, equal_nan=True), np.array_equal([1, 2], [1, 2]), np.array_equal([1, 2], [1, 2, 3]))
print(np.cov([[1, 2, 3], [3, 1, 2]]), np.corrcoef([1, 2, 3], [1, 2, 4]).round(12), np.trapezoid([1, 2, 3]), np.gradient([1.0, 4.0, 9.0, 16.0]), np.nan_to_num([np.nan, 1.0]))
