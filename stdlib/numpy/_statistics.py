"""Statistics, set operations, comparisons and products."""

import _numpy as _n
from _numpy import (
    asarray, array, zeros, ones, empty, full, arange, where, isnan, isfinite, isinf, concatenate, bincount, nonzero, sort, floor, dot, matmul, multiply,
    ndarray, generic, dtype as _dtype, maximum, minimum, set_printoptions, get_printoptions,
)
from numpy._shapes import _axis, _axes, moveaxis, expand_dims, transpose, take, diff, stack, broadcast_arrays
from numpy._creation import zeros_like, ones_like, linspace, meshgrid
from numpy.exceptions import AxisError

_float = _n.float64
_bool = _n.bool_


def around(a, decimals=0, out=None):
    return asarray(a).round(decimals, out) if not isinstance(a, generic) else a.round(decimals)


round = around


def ptp(a, axis=None, out=None, keepdims=False):
    a = asarray(a)
    return a.max(axis, None, keepdims) - a.min(axis, None, keepdims)


def count_nonzero(a, axis=None, *, keepdims=False):
    result = (asarray(a) != 0).sum(axis, keepdims=keepdims)
    return int(result) if axis is None and not keepdims else result


def argwhere(a):
    a = asarray(a)
    return stack(a.nonzero(), 1) if a.ndim else zeros((1 if a else 0, 0), "int64")


def flatnonzero(a):
    return asarray(a).ravel().nonzero()[0]


def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    return asarray(a).argsort(axis)


def argpartition(a, kth, axis=-1):
    return asarray(a).argsort(axis)


def partition(a, kth, axis=-1):
    return sort(a, axis)


def searchsorted(a, v, side="left", sorter=None):
    a = asarray(a)
    if sorter is not None:
        a = a.take(sorter)
    return a.searchsorted(v, side)


def lexsort(keys, axis=-1):
    keys = [asarray(key) for key in keys]
    order = arange(keys[0].size)
    for key in keys:
        order = order[key[order].argsort()]
    return order


def extract(condition, arr):
    return asarray(arr).ravel()[asarray(condition).ravel().astype("bool")]


def place(arr, mask, vals):
    putmask_places = flatnonzero(mask)
    vals = asarray(vals).ravel()
    if putmask_places.size:
        arr.ravel()[putmask_places] = vals[arange(putmask_places.size) % vals.size]


def putmask(a, mask, values):
    places = flatnonzero(mask)
    values = asarray(values).ravel()
    if places.size:
        a.ravel()[places] = values[places % values.size]


# Averages and order statistics


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    a = asarray(a)
    if weights is None:
        mean = a.mean(axis, keepdims=keepdims)
        return (mean, zeros_like(asarray(mean)) + a.size / asarray(mean).size) if returned else mean
    weights = asarray(weights)
    if weights.shape != a.shape:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if weights.ndim != 1:
            raise TypeError("1D weights expected when shapes of a and weights differ.")
        place = _axis(axis, a.ndim)
        if weights.size != a.shape[place]:
            raise ValueError("Length of weights not compatible with specified axis.")
        weights = weights.reshape([-1 if one == place else 1 for one in range(a.ndim)]) + zeros(a.shape)
    total = weights.sum(axis, keepdims=keepdims)
    if (asarray(total) == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    mean = (a * weights).sum(axis, keepdims=keepdims) / total
    return (mean, total) if returned else mean


def _rows(a, axis):
    """The array with the reduced axes last, as one."""
    if axis is None:
        return a.ravel()
    axes = _axes(axis, a.ndim)
    kept = [one for one in range(a.ndim) if one not in axes]
    moved = a.transpose(kept + list(axes))
    return moved.reshape([a.shape[one] for one in kept] + [-1])


def _kept(result, a, axis, keepdims):
    if not keepdims:
        return result
    axes = range(a.ndim) if axis is None else _axes(axis, a.ndim)
    return asarray(result).reshape(asarray(result).shape[:asarray(result).ndim - (a.ndim - len(axes))] + tuple(1 if one in axes else a.shape[one] for one in range(a.ndim)))


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    a = asarray(a)
    rows = sort(_rows(a, axis), -1)
    count = rows.shape[-1]
    if count == 0:
        return _float("nan") if rows.ndim == 1 else full(rows.shape[:-1], _float("nan"))
    if count % 2:
        result = rows[..., count // 2:count // 2 + 1].mean(-1)
    else:
        result = rows[..., count // 2 - 1:count // 2 + 1].mean(-1)
    if rows.dtype.kind == "f":
        result = where(isnan(rows[..., -1]), float("nan"), result).astype(rows.dtype)[()]
    return _kept(result, a, axis, keepdims)


_quantile_methods = ("linear", "lower", "higher", "nearest", "midpoint")


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    a = asarray(a)
    q = asarray(q)
    if a.dtype.kind != "f" and method in ("linear", "midpoint"):
        a = a.astype("float64")
    fractions = q.astype("float64")
    if ((fractions < 0) | (fractions > 1)).any():
        raise ValueError("Quantiles must be in the range [0, 1]")
    if method not in _quantile_methods:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {', '.join(_quantile_methods)}")
    rows = sort(_rows(a, axis), -1)
    count = rows.shape[-1]
    if count == 0:
        raise IndexError("index -1 is out of bounds for axis 0 with size 0")
    results = []
    for fraction in fractions.ravel().tolist():
        position = fraction * (count - 1)
        low = int(position)
        high = min(low + 1, count - 1)
        share = position - low
        first, second = rows[..., low], rows[..., high]
        if method == "lower":
            value = first
        elif method == "higher":
            value = second if share else first
        elif method == "midpoint":
            value = (first + second) * 0.5 if share else first
        elif method == "nearest":
            value = second if share > 0.5 or share == 0.5 and low % 2 else first
        else:
            # From the nearer end, so that both ends are exact.
            gap = second - first
            value = first + gap * share if share < 0.5 else second - gap * (1 - share)
        if a.dtype.kind == "f":
            value = where(isnan(rows[..., -1]), float("nan"), value).astype(a.dtype)
        results.append(value)
    result = stack(results).reshape(q.shape + results[0].shape)[()]
    return _kept(result, a, axis, keepdims)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    q = asarray(q)
    fractions = q / 100 if q.dtype.kind == "f" else q.astype("float64") / 100
    if ((asarray(fractions) < 0) | (asarray(fractions) > 1)).any():
        raise ValueError("Percentiles must be in the range [0, 100]")
    return quantile(a, fractions, axis, method=method, keepdims=keepdims)


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    m = asarray(m)
    m = m.reshape(1, -1) if m.ndim < 2 else m
    if not rowvar and m.shape[0] != 1:
        m = m.T
    if y is not None:
        y = asarray(y)
        y = y.reshape(1, -1) if y.ndim < 2 else (y if rowvar else y.T)
        m = concatenate([m, y], 0)
    m = m.astype("float64")
    if ddof is None:
        ddof = 0 if bias else 1
    centred = m - m.mean(1, keepdims=True)
    result = dot(centred, centred.T) / (m.shape[1] - ddof)
    return result.squeeze()[()] if result.size == 1 else result


def corrcoef(x, y=None, rowvar=True):
    c = asarray(cov(x, y, rowvar))
    if c.ndim == 0:
        return c / c
    d = _n.sqrt(c.diagonal() if hasattr(c, "diagonal") else c[arange(len(c)), arange(len(c))])
    return _n.clip(c / d.reshape(-1, 1) / d, -1, 1)


# NaN-blind forms


def _without_nan(a, value):
    a = asarray(a)
    return where(isnan(a), value, a).astype(a.dtype) if a.dtype.kind == "f" else a


def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    return _without_nan(a, 0).sum(axis, dtype, None, keepdims)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    return _without_nan(a, 1).prod(axis, dtype, None, keepdims)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    a = asarray(a)
    count = (~isnan(a)).sum(axis, keepdims=keepdims)
    total = _without_nan(a, 0).sum(axis, dtype or (None if a.dtype.kind == "f" else "float64"), None, keepdims)
    result = total / count
    return result.astype(a.dtype) if a.dtype == "float32" else result


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    a = asarray(a)
    mean = nanmean(a, axis, keepdims=True) if axis is not None else nanmean(a)
    centred = where(isnan(a), 0.0, a - mean)
    count = (~isnan(a)).sum(axis, keepdims=keepdims)
    result = (centred * centred).sum(axis, keepdims=keepdims) / (count - ddof)
    return result.astype(a.dtype) if a.dtype == "float32" else result


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return _n.sqrt(nanvar(a, axis, ddof=ddof, keepdims=keepdims))


def nanmax(a, axis=None, out=None, keepdims=False):
    a = asarray(a)
    result = _without_nan(a, -float("inf")).max(axis, None, keepdims)
    return where(isnan(a).all(axis, None, keepdims), float("nan"), result).astype(a.dtype)[()] if a.dtype.kind == "f" else result


def nanmin(a, axis=None, out=None, keepdims=False):
    a = asarray(a)
    result = _without_nan(a, float("inf")).min(axis, None, keepdims)
    return where(isnan(a).all(axis, None, keepdims), float("nan"), result).astype(a.dtype)[()] if a.dtype.kind == "f" else result


def _nanarg(a, axis, value, name):
    a = asarray(a)
    if a.dtype.kind == "f" and isnan(a).all(axis).any():
        raise ValueError("All-NaN slice encountered")
    return getattr(_without_nan(a, value), name)(axis)


def nanargmax(a, axis=None):
    return _nanarg(a, axis, -float("inf"), "argmax")


def nanargmin(a, axis=None):
    return _nanarg(a, axis, float("inf"), "argmin")


def nanquantile(a, q, axis=None, keepdims=False):
    a = asarray(a)
    if axis is None:
        flat = a.ravel()
        return _kept(quantile(flat[~isnan(flat)], q), a, axis, keepdims)
    rows = _rows(a, axis)
    lead = rows.shape[:-1]
    values = [quantile(row[~isnan(row)], q) for row in rows.reshape(-1, rows.shape[-1])]
    return _kept(moveaxis(stack(values).reshape(lead + asarray(q).shape), -1, 0) if asarray(q).ndim else array(values).reshape(lead), a, axis, keepdims)


def nanpercentile(a, q, axis=None, keepdims=False):
    return nanquantile(a, asarray(q) / 100, axis, keepdims)


def nanmedian(a, axis=None, keepdims=False):
    return nanquantile(a, 0.5, axis, keepdims)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    from numpy._creation import finfo
    x = asarray(x)
    if x.dtype.kind != "f":
        return x.copy()
    limits = finfo(x.dtype)
    result = where(isnan(x), nan, x)
    result = where(x == float("inf"), limits.max if posinf is None else posinf, result)
    result = where(x == -float("inf"), limits.min if neginf is None else neginf, result).astype(x.dtype)
    if not copy:
        x[...] = result
        return x
    return result[()] if result.ndim == 0 else result


# Sets


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True):
    ar = asarray(ar)
    if axis is not None:
        return _unique_rows(ar, axis, return_index, return_inverse, return_counts)
    ordered, order = _n._unique(ar)
    first = ones(ordered.size, "bool")
    first[1:] = ordered[1:] != ordered[:-1]
    if equal_nan and ordered.dtype.kind == "f" and ordered.size and isnan(ordered[-1]):
        first[1:] = first[1:] & ~(isnan(ordered[1:]) & isnan(ordered[:-1]))
    result = [ordered[first]]
    if return_index:
        result.append(order[first])
    if return_inverse:
        inverse = empty(ordered.size, "int64")
        inverse[order] = first.cumsum() - 1
        result.append(inverse.reshape(ar.shape))
    if return_counts:
        edges = concatenate([flatnonzero(first), [ordered.size]])
        result.append(edges[1:] - edges[:-1])
    return result[0] if len(result) == 1 else tuple(result)


def _unique_rows(ar, axis, return_index, return_inverse, return_counts):
    moved = moveaxis(ar, axis, 0)
    rows = [tuple(row) for row in moved.reshape(moved.shape[0], -1).tolist()]
    order = sorted(range(len(rows)), key=lambda place: rows[place])
    kept, counts, inverse = [], [], [0] * len(rows)
    for place in order:
        if not kept or rows[kept[-1]] != rows[place]:
            kept.append(place)
            counts.append(0)
        counts[-1] += 1
        inverse[place] = len(kept) - 1
    result = [moveaxis(moved.take(array(kept, dtype="int64"), 0), 0, axis)]
    if return_index:
        result.append(array(kept, dtype="int64"))
    if return_inverse:
        result.append(array(inverse, dtype="int64"))
    if return_counts:
        result.append(array(counts, dtype="int64"))
    return result[0] if len(result) == 1 else tuple(result)


def isin(element, test_elements, assume_unique=False, invert=False):
    element = asarray(element)
    pool = sort(asarray(test_elements).ravel())
    if pool.size == 0:
        found = zeros(element.shape, "bool")
    else:
        places = minimum(pool.searchsorted(element), pool.size - 1)
        found = pool[places] == element
    return ~found if invert else found


def in1d(ar1, ar2):
    return isin(asarray(ar1).ravel(), ar2)


def intersect1d(ar1, ar2):
    a = unique(ar1)
    return a[isin(a, ar2)]


def union1d(ar1, ar2):
    return unique(concatenate([asarray(ar1).ravel(), asarray(ar2).ravel()]))


def setdiff1d(ar1, ar2, assume_unique=False):
    a = unique(ar1)
    return a[isin(a, ar2, invert=True)]


# Histograms


def _bin_edges(a, bins, range):
    if isinstance(bins, str):
        if bins != "auto" and bins != "sturges" and bins != "sqrt":
            raise ValueError(f"{bins!r} is not a valid estimator for `bins`: 'auto', 'sqrt' and 'sturges' are")
        n = max(1, a.size)
        bins = int(_n.ceil(_n.sqrt(n))) if bins == "sqrt" else int(_n.ceil(_n.log2(n) + 1))
    bins = asarray(bins)
    if bins.ndim == 1:
        if (bins[:-1] > bins[1:]).any():
            raise ValueError("`bins` must increase monotonically, when an array")
        return bins, False
    if bins.ndim:
        raise ValueError("`bins` must be 1d, when an array")
    count = bins.__index__() if bins.dtype.kind in "iu" else None
    if count is None:
        raise TypeError("`bins` must be an integer, a string, or an array")
    if count < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if range is not None:
        first, last = range
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
    elif a.size == 0:
        first, last = 0, 1
    else:
        first, last = a.min(), a.max()
    if not (isfinite(first) and isfinite(last)):
        raise ValueError(f"{'supplied' if range is not None else 'autodetected'} range of [{first}, {last}] is not finite")
    if first == last:
        first, last = first - 0.5, last + 0.5
    return linspace(first, last, count + 1), True


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    return _bin_edges(asarray(a).ravel(), bins, range)[0]


def histogram(a, bins=10, range=None, density=None, weights=None):
    a = asarray(a).ravel()
    if a.dtype == "bool":
        a = a.astype("uint8")
    edges, uniform = _bin_edges(a, bins, range)
    count = edges.size - 1
    if weights is not None:
        weights = asarray(weights).ravel()
        if weights.shape != a.shape:
            raise ValueError("weights should have the same shape as a.")
    if uniform:
        first, last = edges[0], edges[-1]
        inside = (a >= first) & (a <= last)
        a = a[inside].astype("float64")
        if weights is not None:
            weights = weights[inside]
        places = ((a - first) / (last - first) * count).astype("int64")
        places[places == count] = count - 1
        # Rounding may put a value beside its bin.
        places[a < edges[places]] -= 1
        places[(a >= edges[places + 1]) & (places != count - 1)] += 1
    else:
        inside = (a >= edges[0]) & (a <= edges[-1])
        a = a[inside]
        if weights is not None:
            weights = weights[inside]
        places = minimum(edges.searchsorted(a, "right") - 1, count - 1)
    result = bincount(places, weights, count)
    if density:
        widths = (edges[1:] - edges[:-1]).astype("float64")
        return result / widths / result.sum(), edges
    return result, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    x, y = asarray(x).ravel(), asarray(y).ravel()
    xbins, ybins = bins if isinstance(bins, (tuple, list)) and len(bins) == 2 else (bins, bins)
    xrange, yrange = range if range is not None else (None, None)
    xedges, yedges = _bin_edges(x, xbins, xrange)[0], _bin_edges(y, ybins, yrange)[0]
    inside = (x >= xedges[0]) & (x <= xedges[-1]) & (y >= yedges[0]) & (y <= yedges[-1])
    rows = minimum(xedges.searchsorted(x[inside], "right") - 1, xedges.size - 2)
    columns = minimum(yedges.searchsorted(y[inside], "right") - 1, yedges.size - 2)
    sizes = (xedges.size - 1, yedges.size - 1)
    chosen = None if weights is None else asarray(weights).ravel()[inside]
    result = bincount(rows * sizes[1] + columns, chosen, sizes[0] * sizes[1]).reshape(sizes).astype("float64")
    if density:
        area = diff(xedges).reshape(-1, 1) * diff(yedges)
        result = result / result.sum() / area
    return result, xedges, yedges


def digitize(x, bins, right=False):
    bins = asarray(bins)
    if bins.size > 1 and bins[0] > bins[-1]:
        return bins.size - bins[::-1].copy().searchsorted(x, "left" if not right else "right")
    return bins.searchsorted(x, "left" if right else "right")


# Comparisons


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    a, b = asarray(a), asarray(b)
    if a.dtype.kind != "f":
        a = a.astype("float64")
    if b.dtype.kind != "f":
        b = b.astype("float64")
    near = (abs(a - b) <= atol + rtol * abs(b)) & isfinite(b) | (a == b)
    if equal_nan:
        near = near | isnan(a) & isnan(b)
    return near


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(asarray(isclose(a, b, rtol, atol, equal_nan)).all())


def array_equal(a1, a2, equal_nan=False):
    a1, a2 = asarray(a1), asarray(a2)
    if a1.shape != a2.shape:
        return False
    same = a1 == a2
    if equal_nan:
        same = same | isnan(a1) & isnan(a2)
    return bool(asarray(same).all())


def array_equiv(a1, a2):
    try:
        return bool((asarray(a1) == asarray(a2)).all())
    except ValueError:
        return False


def isneginf(x):
    return asarray(x) == -float("inf")


def isposinf(x):
    return asarray(x) == float("inf")


def isreal(x):
    return ones(asarray(x).shape, "bool")


def bitwise_count(x):
    x = asarray(x).astype("int64")
    total = zeros(x.shape, "uint8")
    for _ in range(64):
        total += (x & 1).astype("uint8")
        x = x >> 1
    return total


# Products


def inner(a, b):
    a, b = asarray(a), asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return dot(a, moveaxis(b, -1, max(0, b.ndim - 2)))


def vdot(a, b):
    return dot(asarray(a).ravel(), asarray(b).ravel())


def outer(a, b, out=None):
    return multiply(asarray(a).reshape(-1, 1), asarray(b).ravel(), out)


def tensordot(a, b, axes=2):
    a, b = asarray(a), asarray(b)
    if isinstance(axes, int):
        left, right = tuple(range(a.ndim - axes, a.ndim)), tuple(range(axes))
    else:
        left, right = axes
        left = _axes(left, a.ndim)
        right = _axes(right, b.ndim)
    if len(left) != len(right) or any(a.shape[i] != b.shape[j] for i, j in zip(left, right)):
        raise ValueError("shape-mismatch for sum")
    rows = [one for one in range(a.ndim) if one not in left]
    columns = [one for one in range(b.ndim) if one not in right]
    size = 1
    for one in left:
        size *= a.shape[one]
    first = a.transpose(rows + list(left)).reshape(-1, size)
    second = b.transpose(list(right) + columns).reshape(size, -1)
    return dot(first, second).reshape([a.shape[one] for one in rows] + [b.shape[one] for one in columns])


def einsum(subscripts, *operands):
    """Explicit and implicit subscripts of letters; no ellipsis."""
    text = subscripts.replace(" ", "")
    if "." in text:
        raise ValueError("einsum: the ellipsis is not supported")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    operands = [asarray(one) for one in operands]
    if len(terms) != len(operands):
        raise ValueError("fewer operands provided to einstein sum function than specified in the subscripts string" if len(terms) > len(operands) else
                         "more operands provided to einstein sum function than specified in the subscripts string")
    if not arrow:
        output = "".join(sorted(letter for letter in set(inputs) if letter.isalpha() and inputs.count(letter) == 1))
    letters = sorted({letter for term in terms for letter in term})
    for letter in output:
        if letter not in letters:
            raise ValueError(f"einstein sum subscripts string included output subscript '{letter}' which never appeared in an input")
    if len(terms) == 2 and all(len(set(term)) == len(term) for term in terms):
        shared = [letter for letter in terms[0] if letter in terms[1] and letter not in output]
        if all(letter not in terms[1] or letter in shared for letter in terms[0]):
            alone = [letter for letter in terms[0] + terms[1] if letter not in shared and letter not in output]
            if not alone:
                product = tensordot(operands[0], operands[1], ([terms[0].index(one) for one in shared], [terms[1].index(one) for one in shared]))
                rest = [one for one in terms[0] if one not in shared] + [one for one in terms[1] if one not in shared]
                return product.transpose([rest.index(one) for one in output]) if rest else product[()]
    result = None
    for term, operand in zip(terms, operands):
        if len(term) != operand.ndim:
            raise ValueError(f"einstein sum subscripts string contains too many or too few subscripts for operand of {operand.ndim} dimensions")
        while len(set(term)) < len(term):
            double = next(letter for letter in term if term.count(letter) > 1)
            first = term.index(double)
            second = term.index(double, first + 1)
            from numpy._shapes import diagonal
            operand = diagonal(operand, 0, first, second)
            term = "".join(letter for place, letter in enumerate(term) if place not in (first, second)) + double
        order = [letter for letter in letters if letter in term]
        aligned = operand.transpose([term.index(letter) for letter in order])
        aligned = aligned.reshape([aligned.shape[order.index(letter)] if letter in order else 1 for letter in letters])
        result = aligned if result is None else result * aligned
    summed = tuple(place for place, letter in enumerate(letters) if letter not in output)
    result = result.sum(summed) if summed else result
    left = [letter for letter in letters if letter in output]
    return result.transpose([left.index(letter) for letter in output]) if asarray(result).ndim else result


def kron(a, b):
    a, b = asarray(a), asarray(b)
    rank = max(a.ndim, b.ndim)
    a = a.reshape((1,) * (rank - a.ndim) + a.shape)
    b = b.reshape((1,) * (rank - b.ndim) + b.shape)
    wide = a.reshape([one for size in a.shape for one in (size, 1)]) * b.reshape([one for size in b.shape for one in (1, size)])
    return wide.reshape([x * y for x, y in zip(a.shape, b.shape)])


def cross(a, b, axis=-1):
    a, b = moveaxis(a, axis, -1), moveaxis(b, axis, -1)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    x, y, z = a[..., 0], a[..., 1], a[..., 2]
    u, v, w = b[..., 0], b[..., 1], b[..., 2]
    return moveaxis(stack([y * w - z * v, z * u - x * w, x * v - y * u], -1), -1, axis)


def convolve(a, v, mode="full"):
    a, v = asarray(a), asarray(v)
    if a.size == 0 or v.size == 0:
        raise ValueError("a cannot be empty" if a.size == 0 else "v cannot be empty")
    if v.size > a.size:
        a, v = v, a
    n, m = a.size, v.size
    kind = _n.promote_types(a.dtype, v.dtype)
    result = zeros(n + m - 1, kind)
    for place in range(m):
        result[place:place + n] += (a * v[place]).astype(kind)
    if mode == "full":
        return result
    if mode == "same":
        start = (m - 1) // 2
        return result[start:start + n]
    if mode == "valid":
        return result[m - 1:n]
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


# Interpolation and polynomials


def interp(x, xp, fp, left=None, right=None):
    x, xp, fp = asarray(x).astype("float64"), asarray(xp).astype("float64"), asarray(fp).astype("float64")
    if xp.size == 0:
        raise ValueError("array of sample points is empty")
    if xp.size != fp.size:
        raise ValueError("fp and xp are not of the same length.")
    if xp.size == 1:
        result = zeros(x.shape) + fp[0]
    else:
        place = _n.clip(asarray(xp.searchsorted(x, "right")) - 1, 0, xp.size - 2)
        slope = (fp[place + 1] - fp[place]) / (xp[place + 1] - xp[place])
        result = slope * (x - xp[place]) + fp[place]
        result = where(x == xp[-1], fp[-1], result)
    result = where(x < xp[0], fp[0] if left is None else left, result)
    result = where(x > xp[-1], fp[-1] if right is None else right, result)
    return result[()] if result.ndim == 0 else result


def polyval(p, x):
    x = asarray(x)
    result = zeros_like(x)
    for coefficient in asarray(p):
        result = result * x + coefficient
    return result[()] if asarray(result).ndim == 0 else result


def polyfit(x, y, deg):
    from numpy.linalg import lstsq
    from numpy._creation import vander
    x = asarray(x).astype("float64")
    return lstsq(vander(x, deg + 1), asarray(y).astype("float64"))[0]


def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = asarray(y)
    axis = _axis(axis, y.ndim)
    y = moveaxis(y, axis, -1)
    widths = dx if x is None else diff(asarray(x))
    return (widths * (y[..., 1:] + y[..., :-1]) / 2.0).sum(-1)


def gradient(f, spacing=1.0):
    f = asarray(f).astype("float64")
    if f.ndim != 1:
        raise ValueError("gradient: only one-dimensional arrays are supported")
    if f.size < 2:
        raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
    result = empty(f.shape)
    result[1:-1] = (f[2:] - f[:-2]) / (2 * spacing)
    result[0] = (f[1] - f[0]) / spacing
    result[-1] = (f[-1] - f[-2]) / spacing
    return result


def sinc(x):
    x = asarray(x).astype("float64")
    y = 3.141592653589793 * where(x == 0, 1.0e-20, x)
    return _n.sin(y) / y


def heaviside(x1, x2):
    x1 = asarray(x1).astype("float64")
    return where(x1 < 0, 0.0, where(x1 > 0, 1.0, x2))


# Choosing


def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    result = asarray(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist)):
        result = where(condition, choice, result)
    return result


def piecewise(x, condlist, funclist):
    x = asarray(x)
    conditions = [asarray(one) for one in (condlist if isinstance(condlist, (list, tuple)) else [condlist])]
    if len(funclist) == len(conditions) + 1:
        rest = conditions[0]
        for one in conditions[1:]:
            rest = rest | one
        conditions.append(~rest)
    result = zeros_like(x)
    for condition, function in zip(conditions, funclist):
        result[condition] = function(x[condition]) if callable(function) else function
    return result


class vectorize:
    """A function of numbers applied to every element, in the language's own loop."""

    def __init__(self, pyfunc, otypes=None, doc=None, excluded=None, cache=False, signature=None):
        self.pyfunc = pyfunc
        self.otypes = otypes
        self.__doc__ = doc

    def __call__(self, *args):
        arrays = broadcast_arrays(*args)
        values = [self.pyfunc(*items) for items in zip(*[one.ravel() for one in arrays])]
        if values and isinstance(values[0], tuple):
            return tuple(array(list(column)).reshape(arrays[0].shape) for column in zip(*values))
        result = array(values, dtype=self.otypes[0] if self.otypes else None).reshape(arrays[0].shape)
        return result[()] if result.ndim == 0 else result


# Dtypes and printing


def issubdtype(arg1, arg2):
    first = arg1 if isinstance(arg1, type) and issubclass(arg1, generic) else _dtype(arg1).type
    second = arg2 if isinstance(arg2, type) and issubclass(arg2, generic) else _dtype(arg2).type
    return issubclass(first, second)


def can_cast(from_, to, casting="safe"):
    source = from_.dtype if isinstance(from_, (ndarray, generic)) else _dtype(from_)
    target = _dtype(to)
    if casting == "unsafe":
        return True
    if _n.promote_types(source, target) == target:
        return True
    return casting == "same_kind" and ("biuf".index(source.kind.replace("u", "i")) <= "biuf".index(target.kind.replace("u", "i")))


def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    with printoptions(precision=precision, suppress=suppress_small, linewidth=max_line_width):
        return repr(arr)


def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    with printoptions(precision=precision, suppress=suppress_small, linewidth=max_line_width):
        return str(a)


class printoptions:
    """Print options for the time of a `with` block."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        self.saved = get_printoptions()
        set_printoptions(**self.options)
        return get_printoptions()

    def __exit__(self, *error):
        set_printoptions(**self.saved)


class errstate:
    """Accepted for compatibility: floating-point exceptions never warn here."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


def seterr(**options):
    return {"divide": "ignore", "over": "ignore", "under": "ignore", "invalid": "ignore"}
