"""Ways to make arrays beyond the native ones."""

from _numpy import asarray, array, zeros, ones, full, empty, arange, eye, ndarray, dtype as _dtype, broadcast_to, concatenate, generic, where
from _numpy import float64 as _float64, int64 as _int64, bool_ as _bool, result_type
from numpy._shapes import stack, expand_dims


def _like(a, dtype, shape):
    a = asarray(a)
    return (a.shape if shape is None else shape), (a.dtype if dtype is None else dtype)


def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    return zeros(*_like(a, dtype, shape))


def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    return ones(*_like(a, dtype, shape))


def empty_like(prototype, dtype=None, order="K", subok=True, shape=None):
    return empty(*_like(prototype, dtype, shape))


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    sizes, kind = _like(a, dtype, shape)
    return full(sizes, fill_value, kind) if isinstance(fill_value, (ndarray, generic)) is False else full(sizes, asarray(fill_value).astype(kind), kind)


def identity(n, dtype=None):
    return eye(n, dtype=dtype)


def copy(a, order="K", subok=False):
    return array(a)


def copyto(dst, src, casting="same_kind", where=True):
    if where is True:
        dst[...] = src
    else:
        dst[...] = _choose(where, src, dst)


def _choose(mask, a, b):
    from _numpy import where
    return where(mask, a, b)


def ascontiguousarray(a, dtype=None):
    a = asarray(a, dtype)
    return a.copy() if a.ndim else a.reshape(1)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    num = num.__index__()
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    parts = num - 1 if endpoint else num
    start, stop = asarray(start) * 1.0, asarray(stop) * 1.0
    delta = stop - start
    steps = arange(num, dtype="float64").reshape((-1,) + (1,) * delta.ndim)
    if parts > 0:
        step = delta / parts
        if step.ndim == 0 and step == 0 or step.ndim and (step == 0).any():
            result = steps / parts * delta
        else:
            result = steps * step
    else:
        step = float("nan")
        result = steps * delta
    result = result + start
    if endpoint and num > 1:
        result[-1, ...] = stop
    if axis:
        from numpy._shapes import moveaxis
        result = moveaxis(result, 0, axis)
    if dtype is not None:
        if _dtype(dtype).kind in "iu":
            from _numpy import floor
            result = floor(result)
        result = result.astype(dtype)
    return (result, step) if retstep else result


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    result = base ** linspace(start, stop, num, endpoint, axis=axis)
    return result if dtype is None else result.astype(dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    from _numpy import log10
    if start == 0 or stop == 0:
        raise ValueError("Geometric sequence cannot include zero")
    sign = -1.0 if start < 0 else 1.0
    result = 10.0 ** linspace(log10(start * sign), log10(stop * sign), num, endpoint) * sign
    if num > 0:
        result[0] = start
        if num > 1 and endpoint:
            result[-1] = stop
    return result if dtype is None else result.astype(dtype)


def fromiter(iter, dtype, count=-1):
    values = []
    for value in iter:
        if count >= 0 and len(values) == count:
            break
        values.append(value)
    if count > len(values):
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(values)} items.")
    return array(values, dtype=dtype)


def fromfunction(function, shape, *, dtype=float, **kwargs):
    return function(*indices(shape, dtype=dtype), **kwargs)


def indices(dimensions, dtype=int, sparse=False):
    dimensions = tuple(dimensions)
    grids = []
    for axis, count in enumerate(dimensions):
        line = arange(count, dtype=dtype).reshape([-1 if one == axis else 1 for one in range(len(dimensions))])
        grids.append(line if sparse else broadcast_to(line, dimensions))
    return tuple(grids) if sparse else (stack(grids) if grids else zeros((0,), dtype))


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    rank = len(xi)
    lines = []
    for axis, one in enumerate(xi):
        place = 1 - axis if indexing == "xy" and rank > 1 and axis < 2 else axis
        lines.append(asarray(one).reshape([-1 if here == place else 1 for here in range(rank)]))
    if sparse or not lines:
        return tuple(lines)
    from numpy._shapes import broadcast_shapes
    sizes = broadcast_shapes(*[one.shape for one in lines])
    return tuple(broadcast_to(one, sizes).copy() if copy else broadcast_to(one, sizes) for one in lines)


class _Grid:
    def __init__(self, sparse):
        self.sparse = sparse

    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        lines = []
        for one in keys:
            start = 0 if one.start is None else one.start
            step = 1 if one.step is None else one.step
            lines.append(arange(start, one.stop, step))
        if not isinstance(key, tuple):
            return lines[0]
        grids = meshgrid(*lines, indexing="ij", sparse=self.sparse)
        return grids if self.sparse else stack(grids)


mgrid = _Grid(False)
ogrid = _Grid(True)


class _Concatenator:
    def __init__(self, columns):
        self.columns = columns

    def __getitem__(self, key):
        parts = []
        for one in key if isinstance(key, tuple) else (key,):
            if isinstance(one, slice):
                one = arange(0 if one.start is None else one.start, one.stop, 1 if one.step is None else one.step)
            one = asarray(one)
            if one.ndim == 0:
                one = one.reshape(1)
            parts.append(one.reshape(-1, 1) if self.columns and one.ndim == 1 else one)
        return concatenate(parts, -1)


r_ = _Concatenator(False)
c_ = _Concatenator(True)


def tri(N, M=None, k=0, dtype=float):
    M = N if M is None else M
    return (arange(N).reshape(-1, 1) >= arange(-k, M - k)).astype(dtype)


def vander(x, N=None, increasing=False):
    x = asarray(x)
    N = x.size if N is None else N
    powers = arange(N) if increasing else arange(N - 1, -1, -1)
    return x.reshape(-1, 1) ** powers


class finfo:
    """Limits of a floating-point dtype."""

    def __init__(self, dtype):
        dtype = dtype.dtype if isinstance(dtype, (ndarray, generic)) else _dtype(dtype)
        if dtype.kind != "f":
            raise ValueError(f"data type {dtype.type!r} not inexact")
        self.dtype = dtype
        single = dtype == "float32"
        self.bits = 32 if single else 64
        self.precision = 6 if single else 15
        kind = dtype.type
        self.eps = kind(2.0 ** -23 if single else 2.0 ** -52)
        self.resolution = kind(1e-6 if single else 1e-15)
        self.tiny = self.smallest_normal = kind(2.0 ** -126 if single else 2.0 ** -1022)
        self.smallest_subnormal = kind(2.0 ** -149 if single else 5e-324)
        self.max = kind(3.4028234663852886e38 if single else 1.7976931348623157e308)
        self.min = -self.max

    def __repr__(self):
        return f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, dtype={self.dtype})"


class iinfo:
    """Limits of an integer dtype."""

    def __init__(self, type):
        type = type.dtype if isinstance(type, (ndarray, generic)) else _dtype(type)
        if type.kind not in "iu":
            raise ValueError(f"Invalid integer data type '{type.kind}'.")
        self.dtype = type
        self.kind = type.kind
        self.bits = type.itemsize * 8
        self.min = 0 if type.kind == "u" else -(1 << (self.bits - 1))
        self.max = (1 << self.bits) - 1 if type.kind == "u" else (1 << (self.bits - 1)) - 1

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


def isscalar(element):
    return isinstance(element, (generic, int, float, str, bytes, bool))


def iterable(y):
    try:
        iter(y)
    except TypeError:
        return False
    return True
