# Creation, attributes, arithmetic, conversion.
import torch


def show(*values):
    print(*values)


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


x = torch.tensor([[1, 2, 3], [4, 5, 6]])
show(x, x.dtype, x.shape, x.ndim, x.numel(), x.size(0), x.size(), x.stride(), x.device)
show(torch.zeros(2, 3), torch.ones((2,), dtype=torch.int64), torch.full((2, 2), 7.5), torch.eye(3))
show(torch.arange(5), torch.arange(1, 2, 0.25), torch.linspace(0, 1, 5), torch.tensor(3.5), torch.tensor([]))
show(torch.zeros(3, dtype=torch.float64), torch.tensor([True, False]), torch.empty(0, 3))
f = x.float()
show(f + 1, 1 - f, f * f, f / 2, f // 2, f % 4, f ** 2, 2 ** f, -f, abs(-f))
show(f > 3, f == 2, f != 2, (f > 2) & (f < 5), ~(f > 2))
show(x + 1.5, x * True, (x + 1).dtype, (x / 2).dtype, (x.to(torch.int8) + 1).dtype, (f + torch.tensor(1.0, dtype=torch.float64)).dtype)
show(x.sum(), x.sum(0), f.mean(1, keepdim=True), f.max(), f.max(1), f.argmax(), f.std(), f.var(0, unbiased=False))
show(f.view(3, 2), f.reshape(-1), f.t(), f.permute(1, 0), f.unsqueeze(0).shape, f[None].squeeze().shape, f.flatten())
show(torch.cat([f, f], dim=1), torch.stack([f, f]).shape, torch.chunk(f, 3, dim=1), f.split([1, 2], dim=1))
show(f @ f.T, torch.matmul(f, f.T), f.mm(f.t()), torch.einsum("ij,kj->ik", f, f))
show(f.tolist(), f[0, 0].item(), int(f[0, 1]), float(f[0, 2]), bool(f[0, 0]), len(f), [row.sum().item() for row in f])
show(f.clamp(2, 5), f.clamp(min=3), f.sqrt(), f.sigmoid(), f.relu(), f.softmax(dim=1))
show(torch.where(f > 3, f, torch.zeros_like(f)), f.masked_fill(f > 3, -1), torch.nonzero(f > 3), f[f > 3])
show(f.sort(descending=True, dim=1), f.topk(2, dim=1), f.cumsum(0), f.prod())
show(torch.tensor([1.0, float("nan"), float("inf")]), torch.tensor([1e-5, 1.0]), torch.tensor([1e10, 1.0]), torch.tensor(1e-8))
show(f"{f[0, 0]:.2f}", "{:5.1f}".format(f[1, 2]), str(f[0]), f.type(), x.type_as(f).dtype)
show(x.equal(x.clone()), torch.allclose(f, f + 1e-9), torch.equal(x, x + 1), f.isnan().any().item(), x.is_floating_point())
show(torch.Size([2, 3]) == (2, 3), torch.Size([1, 2])[0], torch.Size([1, 2, 3])[1:], x.shape[-1], list(x.shape), x.shape.numel())
a, b = x.shape
show(a, b, x.shape + (4,), hash(x) == hash(x), x is x, x.T.is_contiguous(), x.dtype == torch.int64, torch.float32)
show(torch.float32.is_floating_point, torch.int8.itemsize, torch.finfo(torch.float32).eps, torch.iinfo(torch.int8).max, torch.finfo(torch.float32))
show(torch.promote_types(torch.int32, torch.float32), torch.can_cast(torch.float32, torch.int32), torch.result_type(x, 1.5))
fails(lambda: x + "a")
fails(lambda: f.view(4, 2))
fails(lambda: f + torch.ones(2))
fails(lambda: f[5])
fails(lambda: f.sum(3))
fails(lambda: bool(f))
fails(lambda: f.item())
fails(lambda: len(torch.tensor(1)))
fails(lambda: iter(torch.tensor(1)))
fails(lambda: torch.tensor([[1, 2], [3]]))
fails(lambda: torch.tensor(["a"]))
fails(lambda: f.backward())
fails(lambda: f.foo)
fails(lambda: torch.relu(3))
fails(lambda: torch.cat([f, 3]))
fails(lambda: torch.cat([f, torch.ones(3, 3)], dim=1))
fails(lambda: torch.stack([f, torch.ones(1)]))
fails(lambda: torch.add(f, "q"))
fails(lambda: x.requires_grad_())
fails(lambda: "{:.2f}".format(f))
fails(lambda: torch.zeros(2, dtype=3))
fails(lambda: torch.zeros("a"))
