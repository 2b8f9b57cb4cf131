# Functions that are short formulas, and comparing results.
import torch

x = torch.arange(6.0).reshape(2, 3)
print(torch.tensordot(x, x.T, 1), torch.tensordot(x, x, ([0, 1], [0, 1])), torch.atleast_2d(torch.tensor(1.0)), torch.column_stack([torch.arange(2), torch.arange(2)]))
print(torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 5])), torch.nanmean(torch.tensor([1.0, float("nan"), 3.0])), torch.cov(x), torch.combinations(torch.arange(3)))
print(torch.trapezoid(torch.tensor([1.0, 2.0, 3.0])), torch.unravel_index(torch.tensor([3, 5]), (2, 3)), torch.vander(torch.tensor([1.0, 2.0, 3.0])), torch.dstack([x, x]).shape)
print(torch.heaviside(torch.tensor([-1.0, 0.0, 2.0]), torch.tensor([0.5])), torch.typename(x), torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3])))
torch.testing.assert_close(x, x + 1e-7)
for actual, expected in [(x, x + 1), (torch.tensor(1.0), torch.tensor(2.0)), (x, x.int()), (x, x[0]), ([x, 1], [x, 2]), (1.0, 1.5), ({"a": x}, {"a": x * 2})]:
    try:
        torch.testing.assert_close(actual, expected)
        print("close")
    except AssertionError as error:
        print(error)
A = torch.tensor([[4.0, 1.0], [1.0, 3.0]])
print(torch.linalg.eigvalsh(A), torch.linalg.svdvals(A), torch.linalg.matrix_norm(A), torch.linalg.vector_norm(A, 1), torch.linalg.matrix_rank(A), torch.linalg.pinv(A))
q, r = torch.linalg.qr(A)
print(q, r, torch.allclose(q @ r, A, atol=1e-5), torch.linalg.matrix_power(A, 3), torch.linalg.slogdet(A), torch.linalg.cond(A))
w = A.clone().requires_grad_()
torch.linalg.inv(w).sum().backward()
print(w.grad)
try:
    torch.linalg.cholesky(-A)
except RuntimeError as error:
    print(type(error).__name__, error)
