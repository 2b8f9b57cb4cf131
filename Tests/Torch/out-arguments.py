# out=: the tensor that takes a result, its shape, its dtype, and what is refused.
import torch


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


o = torch.full((2,), 5, dtype=torch.float64)
print(torch.zeros(2, out=o) is o, o)
print(torch.ones(2, 3, out=o), o.shape)
print(torch.empty(2, out=o) is o)
fails(lambda: torch.zeros(2, dtype=torch.float32, out=o))
i = torch.zeros(3, dtype=torch.int64)
print(torch.arange(3, out=i), i)
print(torch.arange(1, 2, 0.25, out=torch.empty(4, dtype=torch.float64)))
print(torch.linspace(0, 1, 3, out=torch.empty(3)), torch.logspace(0, 1, 2, out=torch.empty(2)))
print(torch.eye(2, out=torch.empty(0)))
print(torch.full((2,), 0.1, out=torch.empty(2, dtype=torch.float64)))
print(torch.zeros(3, 2, out=torch.empty(3, 3)[:, :2]).stride())
fails(lambda: torch.zeros(2, out=5))
for function in (lambda: torch.zeros_like(o, out=o), lambda: torch.tensor([1.0], out=o)):
    try:
        function()
    except TypeError as error:
        print("unexpected" in str(error) or "invalid" in str(error))
r = torch.zeros(2, requires_grad=True)
fails(lambda: torch.zeros(2, out=r))
print(torch.zeros(2, out=torch.empty(2), requires_grad=True))

# Samples follow the dtype of the tensor they go to.
torch.manual_seed(0)
print(torch.rand(2, out=torch.empty(2, dtype=torch.float64)))
print(torch.randint(5, (4,), out=torch.empty(4)))
print(torch.randperm(5, out=torch.empty(0, dtype=torch.int64)))
print(torch.randn(2, 3, out=torch.empty(2, 3)))
print(torch.normal(torch.zeros(2), 1.0, out=torch.empty(2)))

# Operations.
a, b = torch.arange(4.0), torch.ones(4)
c = torch.empty(4)
print(torch.add(a, b, alpha=2, out=c) is c, c)
print(torch.mul(a, 3, out=c), torch.exp(b, out=c), torch.clamp(a, 1, 2, out=c))
m = torch.arange(6.0).reshape(2, 3)
print(torch.matmul(m, m.t(), out=torch.empty(2, 2)), torch.mm(m, m.t(), out=torch.empty(0)))
print(torch.sum(m, 0, out=torch.empty(3)), torch.cat([a, b], out=torch.empty(8)))
view = torch.zeros(2, 3)
print(torch.add(m[:, 0], 10, out=view[:, 1]), view)
fails(lambda: torch.add(a, b, out=torch.empty(4, dtype=torch.int64)))
fails(lambda: torch.add(a, r[0], out=c))
with torch.no_grad():
    print(torch.add(a, r[0], out=c))
print(torch.add(torch.arange(3), 1, out=torch.empty(3)))
