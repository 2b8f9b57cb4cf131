"""Linear algebra on small matrices, written over tensor operations; gradients follow from them."""

from collections import namedtuple
from functools import wraps

from _torch import Tensor, _into, diag, eye, matmul, stack, zeros, zeros_like


class _LinAlgError(RuntimeError):
    """A matrix without the property the operation needs."""


LinAlgError = _LinAlgError


def _result(name, *fields):
    """A tuple class that prints as PyTorch's named results."""
    base = namedtuple(name, fields)

    def text(self):
        return f"torch.return_types.{name}(\n" + ",\n".join(f"{field}={getattr(self, field)!r}" for field in fields) + ")"

    return type(name, (base,), {"__repr__": text})


def _writing(function):
    """`function` with `out=`: the tensor, or the tuple of tensors, that takes its result."""
    name = "linalg_" + function.__name__

    @wraps(function)
    def call(*args, out=None, **kwargs):
        result = function(*args, **kwargs)
        if out is None:
            return result
        written = _into(name, result, out)
        return written if isinstance(result, Tensor) else _result(name + "_out", *result._fields)(*written)

    return call


_SlogdetResult = _result("linalg_slogdet", "sign", "logabsdet")
_QRResult = _result("linalg_qr", "Q", "R")
_EighResult = _result("linalg_eigh", "eigenvalues", "eigenvectors")
_SVDResult = _result("linalg_svd", "U", "S", "Vh")


@_writing
def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    if dtype is not None:
        A = A.to(dtype)
    if isinstance(dim, (tuple, list)) and len(dim) == 2 or dim is None and ord is not None and A.dim() == 2:
        return matrix_norm(A, "fro" if ord is None else ord, (-2, -1) if dim is None else dim, keepdim)
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim)


@_writing
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    if dtype is not None:
        x = x.to(dtype)
    return x.norm(ord, dim, keepdim)


@_writing
def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None):
    if dtype is not None:
        A = A.to(dtype)
    if A.dim() < 2:
        raise RuntimeError(f"linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    rows, columns = dim
    if ord == "fro":
        return A.norm(2, dim, keepdim)
    if ord in (1, -1, float("inf"), float("-inf")):
        along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = A.abs().sum(along, keepdim=True)
        result = sums.amax(across, keepdim=True) if ord > 0 else sums.amin(across, keepdim=True)
        return result if keepdim else result.squeeze((rows, columns) if rows >= 0 else (columns, rows))
    if ord in (2, -2, "nuc"):
        values = svdvals(A)
        if ord == "nuc":
            return values.sum(-1)
        return values.amax(-1) if ord == 2 else values.amin(-1)
    raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")


def _square(A, name):
    if A.dim() < 2:
        raise RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    if A.shape[-1] != A.shape[-2]:
        raise RuntimeError(f"linalg.{name}: A must be batches of square matrices, but they are {A.shape[-2]} by {A.shape[-1]} matrices")


def _batched(function, A, *others):
    """Applies a function of matrices to every matrix of a batch."""
    if A.dim() == 2:
        return function(A, *others)
    lead = tuple(A.shape[:-2])
    flat = A.reshape((-1,) + tuple(A.shape[-2:]))
    rest = [other.expand(lead + tuple(other.shape[-2:])).reshape((-1,) + tuple(other.shape[-2:])) for other in others]
    results = [function(flat[i], *[other[i] for other in rest]) for i in range(flat.shape[0])]
    if isinstance(results[0], tuple):
        return tuple(stack([result[k] for result in results]).reshape(lead + tuple(results[0][k].shape)) for k in range(len(results[0])))
    return stack(results).reshape(lead + tuple(results[0].shape))


def _eliminate(A, B, name):
    """Gauss–Jordan with row pivoting: (solution of A x = B, determinant)."""
    n = A.shape[0]
    rows = list(A.unbind(0))
    sides = list(B.unbind(0))
    determinant = None
    for column in range(n):
        pivot = max(range(column, n), key=lambda r: abs(rows[r][column].item()))
        if rows[pivot][column].item() == 0:
            if name == "det":
                return None, rows[pivot][column] * 0
            raise LinAlgError(
                f"linalg.{name}: The diagonal element {column + 1} is zero, the inversion could not be completed because the input matrix is singular."
                if name == "inv" else f"linalg.{name}: The solver failed because the input matrix is singular."
            )
        if pivot != column:
            rows[column], rows[pivot] = rows[pivot], rows[column]
            sides[column], sides[pivot] = sides[pivot], sides[column]
        factor = rows[column][column]
        signed = -factor if pivot != column else factor
        determinant = signed if determinant is None else determinant * signed
        rows[column] = rows[column] / factor
        sides[column] = sides[column] / factor
        for r in range(n):
            if r != column and rows[r][column].item() != 0:
                scale = rows[r][column]
                rows[r] = rows[r] - scale * rows[column]
                sides[r] = sides[r] - scale * sides[column]
    return stack(sides), determinant


@_writing
def inv(A):
    _square(A, "inv")
    return _batched(lambda M: _eliminate(M, eye(M.shape[0], dtype=M.dtype), "inv")[0], A)


inverse = inv


@_writing
def det(A):
    _square(A, "det")
    return _batched(lambda M: _eliminate(M, eye(M.shape[0], dtype=M.dtype), "det")[1], A)


@_writing
def slogdet(A):
    value = det(A)
    return _SlogdetResult(value.sign(), value.abs().log())


@_writing
def solve(A, B, *, left=True):
    _square(A, "solve")
    vector = B.dim() == A.dim() - 1
    side = B.unsqueeze(-1) if vector else B
    if not left:
        return solve(A.transpose(-2, -1), side.transpose(-2, -1)).transpose(-2, -1)
    result = _batched(lambda M, S: _eliminate(M, S, "solve")[0], A, side)
    return result.squeeze(-1) if vector else result


@_writing
def cholesky(A, *, upper=False):
    _square(A, "cholesky")

    def factor(M):
        n = M.shape[0]
        L = [[None] * n for _ in range(n)]
        zero = zeros((), dtype=M.dtype)
        for i in range(n):
            for j in range(i + 1):
                total = M[i, j]
                for k in range(j):
                    total = total - L[i][k] * L[j][k]
                if i == j:
                    if total.item() <= 0:
                        raise LinAlgError(
                            f"linalg.cholesky: The factorization could not be completed because the input is not positive-definite "
                            f"(the leading minor of order {i + 1} is not positive-definite)."
                        )
                    L[i][i] = total.sqrt()
                else:
                    L[i][j] = total / L[j][j]
        return stack([stack([zero if value is None else value for value in row]) for row in L])

    result = _batched(factor, A)
    return result.transpose(-2, -1) if upper else result


@_writing
def qr(A, mode="reduced"):
    """Householder reflections, as LAPACK's: the same signs."""
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'")

    def factor(M):
        m, n = M.shape
        R = M.clone()
        Q = eye(m, dtype=M.dtype)
        for k in range(min(m - 1, n) if m > 1 else 0):
            x = R[k:, k]
            length = x.norm()
            if length.item() == 0:
                continue
            alpha = -length if x[0].item() >= 0 else length
            v = x.clone()
            v[0] = v[0] - alpha
            scale = v.dot(v)
            if scale.item() == 0:
                continue
            R = R.clone()
            R[k:] = R[k:] - 2 / scale * v.outer(v @ R[k:])
            Q = Q.clone()
            Q[:, k:] = Q[:, k:] - 2 / scale * (Q[:, k:] @ v).outer(v)
        size = m if mode == "complete" else min(m, n)
        return Q[:, :size].contiguous(), R[:size].triu()

    result = _batched(factor, A)
    return _QRResult(zeros(0, dtype=A.dtype) if mode == "r" else result[0], result[1])


@_writing
def eigh(A, UPLO="L"):
    """Jacobi rotations: eigenvalues in ascending order and their vectors."""
    _square(A, "eigh")

    def factor(M):
        n = M.shape[0]
        S = M.double().detach()
        S = S.tril() + S.tril(-1).t() if UPLO == "L" else S.triu() + S.triu(1).t()
        rows = S.tolist()
        V = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
        for _ in range(100):
            off = sum(rows[i][j] ** 2 for i in range(n) for j in range(n) if i != j)
            if off < 1e-26 * max(1e-300, sum(rows[i][i] ** 2 for i in range(n))):
                break
            for p in range(n):
                for q in range(p + 1, n):
                    if rows[p][q] == 0:
                        continue
                    theta = (rows[q][q] - rows[p][p]) / (2 * rows[p][q])
                    t = (1 if theta >= 0 else -1) / (abs(theta) + (theta * theta + 1) ** 0.5)
                    c = 1 / (t * t + 1) ** 0.5
                    s = t * c
                    for k in range(n):
                        a, b = rows[k][p], rows[k][q]
                        rows[k][p], rows[k][q] = c * a - s * b, s * a + c * b
                    for k in range(n):
                        a, b = rows[p][k], rows[q][k]
                        rows[p][k], rows[q][k] = c * a - s * b, s * a + c * b
                        a, b = V[k][p], V[k][q]
                        V[k][p], V[k][q] = c * a - s * b, s * a + c * b
        order = sorted(range(n), key=lambda i: rows[i][i])
        import torch

        values = torch.tensor([rows[i][i] for i in order], dtype=M.dtype)
        vectors = torch.tensor([[V[k][i] for i in order] for k in range(n)], dtype=M.dtype)
        return values, vectors

    return _EighResult(*_batched(factor, A))


@_writing
def eigvalsh(A, UPLO="L"):
    return eigh(A, UPLO)[0]


@_writing
def svdvals(A, *, driver=None):
    smaller = A @ A.transpose(-2, -1) if A.shape[-2] <= A.shape[-1] else A.transpose(-2, -1) @ A
    return eigvalsh(smaller.double()).clamp(min=0).sqrt().flip(-1).to(A.dtype)


@_writing
def svd(A, full_matrices=True, *, driver=None):
    if full_matrices and A.shape[-1] != A.shape[-2]:
        raise NotImplementedError("linalg.svd: full_matrices=True is supported for square matrices only")

    def factor(M):
        wide = M.shape[0] < M.shape[1]
        X = M.t() if wide else M
        values, vectors = eigh((X.t() @ X).double())
        values, V = values.flip(0).clamp(min=0).sqrt(), vectors.flip(1)
        U = X.double() @ V / values.clamp(min=1e-300)
        U, V, values = U.to(M.dtype), V.to(M.dtype), values.to(M.dtype)
        return (V, values, U.t()) if wide else (U, values, V.t())

    return _SVDResult(*_batched(factor, A))


@_writing
def pinv(A, *, atol=None, rtol=None, hermitian=False):
    U, S, Vh = svd(A, full_matrices=False)
    limit = (max(A.shape[-2:]) * 1.2e-7 if rtol is None else rtol) * S.amax(-1, keepdim=True)
    inverse_values = (1 / S).masked_fill(S <= limit, 0.0)
    return Vh.transpose(-2, -1) * inverse_values.unsqueeze(-2) @ U.transpose(-2, -1)


@_writing
def matrix_rank(A, *, atol=None, rtol=None, tol=None, hermitian=False):
    values = svdvals(A)
    limit = max(A.shape[-2:]) * 1.2e-7 * values.amax(-1, keepdim=True) if tol is None else tol
    return (values > limit).sum(-1)


@_writing
def matrix_power(A, n):
    _square(A, "matrix_power")
    if n < 0:
        return matrix_power(inv(A), -n)
    result = eye(A.shape[-1], dtype=A.dtype).expand(A.shape)
    while n > 0:
        if n % 2:
            result = result @ A
        A = A @ A
        n //= 2
    return result


@_writing
def multi_dot(tensors):
    result = tensors[0]
    for tensor in tensors[1:]:
        result = result @ tensor
    return result


@_writing
def cross(input, other, *, dim=-1):
    return input.cross(other, dim)


def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    return A.diagonal(offset, dim1, dim2)


@_writing
def vecdot(x, y, *, dim=-1):
    return (x * y).sum(dim)


@_writing
def cond(A, p=None):
    if p is None or p == 2:
        values = svdvals(A)
        return values.amax(-1) / values.amin(-1)
    return matrix_norm(A, p) * matrix_norm(inv(A), p)


def lstsq(A, B, rcond=None, *, driver=None):
    import collections

    result = collections.namedtuple("linalg_lstsq", ["solution", "residuals", "rank", "singular_values"])
    return result(pinv(A) @ B, zeros(0, dtype=A.dtype), matrix_rank(A), zeros(0, dtype=A.dtype))
