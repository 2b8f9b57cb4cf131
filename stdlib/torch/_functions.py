"""Functions of tensors that are short formulas over others."""

from _torch import _into, arange, cat, hstack, stack, tensor, zeros_like


def _each(tensors, change):
    results = tuple(change(t) for t in tensors)
    return results[0] if len(results) == 1 else results


def atleast_1d(*tensors):
    return _each(_given(tensors), lambda t: t.reshape(1) if t.dim() == 0 else t)


def atleast_2d(*tensors):
    return _each(_given(tensors), lambda t: t.reshape(1, -1) if t.dim() < 2 else t)


def atleast_3d(*tensors):
    def change(t):
        if t.dim() < 2:
            return t.reshape(1, -1, 1)
        return t.unsqueeze(-1) if t.dim() == 2 else t

    return _each(_given(tensors), change)


def _given(tensors):
    return tuple(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors


def column_stack(tensors, *, out=None):
    """One-dimensional tensors as columns, others side by side."""
    return hstack([t.reshape(-1, 1) if t.dim() < 2 else t for t in tensors], out=out)


def dstack(tensors, *, out=None):
    return cat([atleast_3d(t) for t in tensors], 2, out=out)


def _put(name, result, out):
    return result if out is None else _into(name, result, out)


def isin(elements, test_elements, *, assume_unique=False, invert=False, out=None):
    """Whether each element is one of `test_elements`."""
    values = test_elements if hasattr(test_elements, "reshape") else tensor([test_elements])
    found = (elements.unsqueeze(-1) == values.reshape(-1)).any(-1)
    return _put("isin", ~found if invert else found, out)


def nanmean(input, dim=None, keepdim=False, *, dtype=None, out=None):
    """The mean of the elements that are numbers."""
    return _put("nanmean", input.nansum(dim, keepdim, dtype=dtype) / (~input.isnan()).sum(dim, keepdim), out)


def tensordot(a, b, dims=2, out=None):
    """Products of `a` and `b` summed over `dims` dimensions, or over two lists of them."""
    if isinstance(dims, int):
        left = list(range(a.dim() - dims, a.dim()))
        right = list(range(dims))
    else:
        left, right = [list(d) if isinstance(d, (list, tuple)) else [d] for d in dims]
    left = [d % a.dim() for d in left]
    right = [d % b.dim() for d in right]
    for i, j in zip(left, right):
        if a.shape[i] != b.shape[j]:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {a.shape[i]} in dim {i} and second has size {b.shape[j]} in dim {j}"
            )
    kept_left = [d for d in range(a.dim()) if d not in left]
    kept_right = [d for d in range(b.dim()) if d not in right]
    inner = 1
    for d in left:
        inner *= a.shape[d]
    x = a.permute(kept_left + left).reshape(-1, inner)
    y = b.permute(right + kept_right).reshape(inner, -1)
    return _put("tensordot", (x @ y).reshape([a.shape[d] for d in kept_left] + [b.shape[d] for d in kept_right]), out)


def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariance of rows."""
    if fweights is not None or aweights is not None:
        raise NotImplementedError("cov(): weights are not supported")
    centred = input - input.mean(-1, keepdim=True)
    return centred @ centred.transpose(-2, -1) / (input.shape[-1] - correction) if input.dim() > 1 else (centred * centred).sum() / (input.numel() - correction)


def corrcoef(input):
    """The correlation of rows."""
    c = cov(input)
    d = c.diagonal().sqrt()
    return c / d.unsqueeze(0) / d.unsqueeze(1)


def combinations(input, r=2, with_replacement=False):
    """Every choice of `r` elements, as rows."""
    import itertools

    pick = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = list(pick(range(input.numel()), r))
    return input[tensor(rows)] if rows else input.new_zeros(0, r)


def trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The integral by trapezoids."""
    size = y.shape[dim]
    sides = (y.narrow(dim, 1, size - 1) + y.narrow(dim, 0, size - 1)) / 2
    if x is None:
        return (sides * dx).sum(dim)
    return (sides * (x.narrow(dim if x.dim() > 1 else 0, 1, size - 1) - x.narrow(dim if x.dim() > 1 else 0, 0, size - 1))).sum(dim)


def unravel_index(indices, shape):
    """Positions in a flat tensor as one index tensor per dimension."""
    results = []
    for size in reversed(shape):
        results.append(indices % size)
        indices = indices // size
    return tuple(reversed(results))


def vander(x, N=None, *, increasing=False):
    """Powers of the elements, as rows."""
    count = x.numel() if N is None else N
    powers = arange(count) if increasing else arange(count - 1, -1, -1)
    return x.unsqueeze(1) ** powers


def heaviside(input, values, *, out=None):
    """0 below zero, 1 above, `values` at zero."""
    return _put("heaviside", (input > 0).to(input.dtype) + (input == 0).to(input.dtype) * values, out)


def addr(input, vec1, vec2, *, beta=1, alpha=1, out=None):
    return _put("addr", beta * input + alpha * vec1.outer(vec2), out)


def nanmedian(input):
    """The median of the elements that are numbers."""
    return input[~input.isnan()].median()
