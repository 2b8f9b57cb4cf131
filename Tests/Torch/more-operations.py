# Reductions, joins, sorting, in-place forms, products.
import torch


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


x = torch.tensor([[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]])
print(x.sum(dim=(0, 1)), x.mean(), x.std(dim=1), x.var(), x.prod(1), x.amax(1), x.amin(dim=0, keepdim=True), x.logsumexp(1), x.norm(), x.norm(1, dim=0))
print(x.median(), x.median(1), x.kthvalue(2), x.argsort(1), x.min(1), x.argmin(), x.cummax(1), x.cumprod(1), torch.aminmax(x), x.count_nonzero())
print(torch.std_mean(x, 1), torch.var_mean(x), x.all(), (x > 1).all(1), (x > 5).any(), x.unique(), torch.unique(torch.tensor([2, 1, 2]), return_counts=True, return_inverse=True))
print(torch.bincount(torch.tensor([0, 1, 1, 3])), torch.histc(x, 3, 1, 6), torch.searchsorted(torch.tensor([1.0, 3.0, 5.0]), x), x.quantile(0.5), x.diff(), x.trace())
print(x.flip(1), x.roll(1, 0), x.rot90(), x.triu(), x.tril(-1), x.repeat(1, 2), x.repeat_interleave(2, dim=1), x.tile(2), x.diagonal(), torch.diag(torch.tensor([1, 2])))
print(torch.hstack([x, x]).shape, torch.vstack([x, x]).shape, torch.meshgrid(torch.arange(2), torch.arange(2), indexing="ij"), torch.cartesian_prod(torch.arange(2), torch.arange(2)))
print(x.unfold(1, 2, 1), x.narrow(1, 1, 2), x.select(1, 0), x.unbind(), x.expand(2, 2, 3).shape, x.movedim(0, 1).shape, x.swapaxes(0, 1).shape, x.as_strided((2, 2), (1, 1)))
y = x.clone()
y.add_(1).mul_(2).sub_(0.5).div_(2)
print(y)
y += 1
y *= 2
y -= x
y /= 2
y **= 2
print(y, y.clamp_(0, 5), y.zero_(), y.fill_(3), y.copy_(x), y.sqrt_(), y.neg_(), y.abs_().round_())
y[0].addcmul_(x[0], x[1], value=0.5)
print(y, torch.addcdiv(x, x, x + 1), torch.lerp(x, x * 2, 0.5), x.clone().masked_fill_(x > 4, 0), torch.where(x > 3, x, 0.0), x.clone().index_add_(0, torch.tensor([0]), torch.ones(1, 3)))
a = torch.arange(6.0).reshape(2, 3)
print(a @ a.T, torch.bmm(a[None], a.T[None]), a.mv(torch.ones(3)), torch.dot(a[0], a[1]), torch.outer(a[0], a[1]), torch.addmm(torch.ones(2, 2), a, a.T), a.matmul(torch.ones(3)))
print(torch.einsum("bij,bjk->bik", a[None], a.T[None]), torch.einsum("i,j->ij", a[0], a[1]), torch.einsum("ii", torch.eye(3)), torch.einsum("ij->ji", a), torch.tensordot if False else "")
print(torch.linalg.norm(a), torch.linalg.inv(torch.tensor([[2.0, 1.0], [1.0, 1.0]])), torch.linalg.det(torch.tensor([[2.0, 1.0], [1.0, 3.0]])),
      torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 4.0])), torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 3.0]])))
print(torch.maximum(x, torch.full_like(x, 3)), torch.minimum(x, torch.tensor(2.0)), torch.fmod(x, 2), torch.remainder(-x, 4), torch.floor_divide(x, 2), torch.div(x, 2, rounding_mode="trunc"))
print(torch.atan2(x, x), torch.hypot(x[0], x[1]), torch.isclose(x, x + 1e-9), torch.logical_and(x > 1, x < 4), torch.bitwise_and(torch.tensor([6]), 3), torch.tensor([1]) << 3)
print(x.int() // 2, 7 // torch.tensor([2, 3]), -7 % torch.tensor([3]), 2 ** torch.tensor([1, 2]), torch.tensor([True]) | torch.tensor([False]), 1.0 / torch.tensor([2, 4]))
print(torch.full((2,), 3), torch.full((2,), 1.5), torch.zeros_like(x, dtype=torch.int64), torch.ones_like(x).dtype, x.new_zeros(2), x.new_tensor([1, 2]), torch.empty_like(x).shape, x.new_full((1,), 9))
print(torch.tril_indices(2, 2), torch.logspace(0, 2, 3), torch.as_tensor([1, 2]), torch.tensor([[1, 2.5]]).dtype, torch.tensor([1, True]).dtype, torch.LongTensor([1, 2]), torch.FloatTensor(2).shape, torch.Tensor([1, 2]))
print(torch.block_diag(torch.ones(1, 1), torch.ones(1, 2)), torch.broadcast_tensors(torch.ones(1, 2), torch.ones(2, 1))[0].shape, torch.broadcast_shapes((2, 1), (3,)), torch.cdist(a, a))
print(torch.is_tensor(x), torch.is_tensor(3), torch.numel(x), torch.is_floating_point(x), torch.get_default_dtype(), torch.nan_to_num(torch.tensor([float("nan"), float("inf")])), torch.sum(x, dim=1, keepdim=True))
print(x.to(torch.int32), x.long(), x.half if False else "", x.double().dtype, x.byte(), x.bool(), x.type(torch.int64).dtype, x.to("cpu") is x, x.to(x.dtype) is x, x.cpu() is x, x.contiguous() is x)
b = x.t()
print(b.is_contiguous(), b.contiguous().stride(), b.stride(), b.data_ptr() == x.data_ptr(), x.view(-1).data_ptr() == x.data_ptr(), x.storage_offset(), x[1].storage_offset(), x.element_size())
torch.set_default_dtype(torch.float64)
print(torch.ones(1), torch.tensor(1.0).dtype)
torch.set_default_dtype(torch.float32)
it = iter(x)
print(next(it), [v.item() for v in x.flatten()], 3.0 in x, 7.0 in x, sum(x), max(x[0]), list(reversed(x))[0], sorted([t.item() for t in x[0]]), len(x))
p, q, r = x[0]
print(p, q, r, x.size()[1], x.dim(), x.nelement(), [1, 2, 3][torch.tensor(1)], "abc"[torch.tensor(2)], range(torch.tensor(3)), torch.zeros(torch.tensor(2)).shape)
x.note = "kept"
print(x.note, hasattr(x, "other"), x.view(2, 3) is x, dict({x: 1}).get(x))
fails(lambda: x.foo_bar)
fails(lambda: x.sum(5))
fails(lambda: x.transpose(0, 7))
fails(lambda: x.reshape(5))
fails(lambda: x.view(-1, -1))
fails(lambda: x.expand(3, 3))
fails(lambda: x.squeeze(9))
fails(lambda: torch.ones(2).dot(torch.ones(3)))
fails(lambda: x.gather(0, torch.tensor([[9, 0, 0]])))
fails(lambda: torch.ones(3).split([1, 1]))
fails(lambda: torch.arange(0, 5, -1))
fails(lambda: torch.ones(2).int().add_(1.5))
fails(lambda: torch.zeros(0).max())
fails(lambda: torch.einsum("ij,jk->ik", x))
fails(lambda: x.topk(9))
fails(lambda: torch.linalg.inv(x))
