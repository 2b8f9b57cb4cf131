# out= of operations with several results, of joins, and of torch.linalg.
import torch


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


def fresh(*dtypes):
    return tuple(torch.empty(0, dtype=dtype) for dtype in dtypes)


x = torch.tensor([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
calls = {
    "max": (0,), "min": (1, True), "sort": (1, True), "topk": (2,), "kthvalue": (2,), "median": (1,), "cummax": (1,), "cummin": (0,),
}
for name, arguments in calls.items():
    function = getattr(torch, name)
    out = fresh(torch.float32, torch.int64)
    result = function(x, *arguments, out=out)
    print(name, type(result).__name__, result[0] is out[0], result.indices is out[1])
    print(out)
    expected = function(x, *arguments)
    print(torch.equal(expected.values, out[0]), torch.equal(expected.indices, out[1]))
print(torch.max(x, 0, out=list(fresh(torch.float32, torch.int64))))
values, indices = torch.empty(2, 2), torch.empty(2, 2, dtype=torch.int64)
torch.topk(x, 2, dim=1, largest=False, out=(values, indices))
print(values, indices)
rows = torch.zeros(3, 3)
torch.sort(x, out=(rows[:2], torch.empty(2, 3, dtype=torch.int64)))
print(rows)
print(torch.aminmax(x, dim=0, out=fresh(torch.float32, torch.float32)))
print(torch.aminmax(x, out=fresh(torch.float32, torch.float32)))
print(torch.max(x, out=torch.empty(0)), torch.min(x, x.flip(1), out=torch.empty(0)))
print(torch.var(x, 0, out=torch.empty(0)), torch.std(x, 0, out=torch.empty(3)))
print(torch.msort(x, out=torch.empty(0)), torch.where(x > 2, x, -x, out=torch.empty(2, 3)))
print(torch.nonzero(x > 2, out=torch.empty(0, dtype=torch.int64)))

# What is refused.
fails(lambda: torch.topk(x, 2, out=fresh(torch.float64, torch.int64)))
fails(lambda: torch.sort(x, out=fresh(torch.float32, torch.int32)))
fails(lambda: torch.max(x, 0, out=fresh(torch.float32, torch.float32)))
fails(lambda: torch.topk(x, 2, out=torch.empty(0)))
fails(lambda: torch.median(x, 1, out=fresh(torch.float32)))
gradient = x.clone().requires_grad_()
fails(lambda: torch.max(gradient, 0, out=fresh(torch.float32, torch.int64)))
fails(lambda: torch.max(x, x, out=torch.empty(0, dtype=torch.int64)))
with torch.no_grad():
    print(torch.max(gradient, 0, out=fresh(torch.float32, torch.int64)).values)

# Joins and formulas.
for name in ("cat", "concat", "stack", "hstack", "vstack", "row_stack", "dstack", "column_stack"):
    out = torch.empty(0)
    print(name, getattr(torch, name)([x, x + 1], out=out) is out, tuple(out.shape), out.sum().item())
print(torch.isin(x, torch.tensor([1.0, 6.0]), out=torch.empty(0, dtype=torch.bool)))
print(torch.tensordot(x, x.t(), 1, out=torch.empty(0)), torch.nanmean(x, out=torch.empty(0)))
print(torch.addr(torch.zeros(2, 2), x[:, 0], x[:, 1], out=torch.empty(0)), torch.heaviside(x - 3, x, out=torch.empty(0)))

# torch.linalg
square = x @ x.t() + torch.eye(2)
linalg = torch.linalg
single = {
    "norm": (x,), "vector_norm": (x,), "matrix_norm": (x,), "det": (square,), "inv": (square,), "solve": (square, x), "cholesky": (square,),
    "matrix_power": (square, 2), "multi_dot": ([x, x.t()],), "vecdot": (x, x), "cross": (x, x + 1), "eigvalsh": (square,),
}
for name, arguments in single.items():
    out = torch.empty(0)
    function = getattr(linalg, name)
    print(name, function(*arguments, out=out) is out, torch.allclose(out, function(*arguments)), tuple(out.shape))
result = linalg.eigh(square, out=fresh(torch.float32, torch.float32))
print(type(result).__name__, [tuple(part.shape) for part in result], result.eigenvalues)
result = linalg.qr(x.t(), out=fresh(torch.float32, torch.float32))
print(type(result).__name__, torch.allclose(result.Q @ result.R, x.t(), atol=1e-5))
result = linalg.slogdet(square, out=fresh(torch.float32, torch.float32))
print(type(result).__name__, result.sign)
