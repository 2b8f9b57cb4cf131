"""Norms and small dense systems."""

import _numpy as _n
from _numpy import asarray, array, zeros, eye, concatenate, matmul as _matmul
from numpy._shapes import _axis, _axes, moveaxis


class LinAlgError(ValueError):
    """A matrix for which the operation does not exist."""


def norm(x, ord=None, axis=None, keepdims=False):
    x = asarray(x)
    if x.dtype.kind != "f":
        x = x.astype("float64")
    if axis is None and ord is None:
        flat = x.ravel()
        result = _n.sqrt(_n.dot(flat, flat))
        return result.reshape((1,) * x.ndim) if keepdims else result
    if axis is None:
        axes = tuple(range(x.ndim))
    else:
        axes = _axes(axis, x.ndim)
    if len(axes) == 1:
        if ord == float("inf"):
            return abs(x).max(axes, None, keepdims)
        if ord == -float("inf"):
            return abs(x).min(axes, None, keepdims)
        if ord == 0:
            return (x != 0).astype(x.dtype).sum(axes, keepdims=keepdims)
        if ord == 1:
            return abs(x).sum(axes, keepdims=keepdims)
        if ord is None or ord == 2:
            return _n.sqrt((x * x).sum(axes, keepdims=keepdims))
        return (abs(x) ** ord).sum(axes, keepdims=keepdims) ** (1 / ord)
    if len(axes) == 2:
        if ord is None or ord == "fro":
            return _n.sqrt((x * x).sum(axes, keepdims=keepdims))
        rows, columns = axes
        if ord in (1, -1, float("inf"), -float("inf")):
            first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
            sums = abs(x).sum(first, keepdims=True)
            result = sums.max(second, None, True) if ord > 0 else sums.min(second, None, True)
            return result if keepdims else result.squeeze(axes)[()]
    raise ValueError(f"norm: order {ord!r} is not available for {len(axes)} axes")


def _square(a):
    a = asarray(a)
    if a.ndim != 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be two-dimensional")
    if a.shape[0] != a.shape[1]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return a.astype(a.dtype if a.dtype.kind == "f" else "float64")


def _eliminated(a, b):
    """Gaussian elimination with partial pivoting: the factors in place, the solution, the sign of the row swaps."""
    a, b = a.astype("float64").copy(), b.astype("float64").copy()
    n = a.shape[0]
    sign = 1.0
    for column in range(n):
        pivot = column + int(abs(a[column:, column]).argmax())
        if a[pivot, column] == 0:
            return a, None, 0.0
        if pivot != column:
            a[[column, pivot]] = a[[pivot, column]]
            b[[column, pivot]] = b[[pivot, column]]
            sign = -sign
        factors = a[column + 1:, column] / a[column, column]
        a[column + 1:, column:] -= factors.reshape(-1, 1) * a[column, column:]
        b[column + 1:] -= factors.reshape(-1, 1) * b[column]
    for column in range(n - 1, -1, -1):
        b[column] = (b[column] - _matmul(a[column, column + 1:], b[column + 1:])) / a[column, column]
    return a, b, sign


def solve(a, b):
    a, b = _square(a), asarray(b)
    columns = b.reshape(-1, 1) if b.ndim == 1 else b
    if columns.shape[0] != a.shape[0]:
        raise ValueError(f"solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m,n)->(m,n) (size {columns.shape[0]} is different from {a.shape[0]})")
    solution = _eliminated(a, columns)[1]
    if solution is None:
        raise LinAlgError("Singular matrix")
    return solution.reshape(b.shape).astype(a.dtype)


def inv(a):
    a = _square(a)
    return solve(a, eye(a.shape[0]))


def det(a):
    a = _square(a)
    upper, solution, sign = _eliminated(a, zeros((a.shape[0], 1)))
    if solution is None:
        return a.dtype.type(0.0)
    result = sign
    for place in range(a.shape[0]):
        result = result * upper[place, place]
    return a.dtype.type(result)


def lstsq(a, b, rcond=None):
    """Least squares by Householder reflections: solution, residuals, rank, and None for the singular values."""
    a, b = asarray(a).astype("float64").copy(), asarray(b).astype("float64")
    vector = b.ndim == 1
    b = (b.reshape(-1, 1) if vector else b).copy()
    rows, columns = a.shape
    if rows < columns:
        raise LinAlgError("lstsq: systems with fewer equations than unknowns are not available")
    for column in range(columns):
        x = a[column:, column].copy()
        length = norm(x)
        if length == 0:
            raise LinAlgError("lstsq: the matrix does not have full rank")
        x[0] += length if x[0] >= 0 else -length
        x = x / norm(x)
        a[column:, column:] -= 2.0 * x.reshape(-1, 1) * _matmul(x, a[column:, column:])
        b[column:] -= 2.0 * x.reshape(-1, 1) * _matmul(x, b[column:])
    solution = zeros((columns, b.shape[1]))
    for column in range(columns - 1, -1, -1):
        solution[column] = (b[column] - _matmul(a[column, column + 1:columns], solution[column + 1:])) / a[column, column]
    residuals = (b[columns:] * b[columns:]).sum(0) if rows > columns else zeros(0)
    return (solution.ravel() if vector else solution), residuals, columns, None


def matrix_power(a, n):
    a = _square(a)
    if n < 0:
        a, n = inv(a), -n
    result = eye(a.shape[0], dtype=a.dtype)
    while n:
        if n & 1:
            result = _matmul(result, a)
        a = _matmul(a, a)
        n >>= 1
    return result
