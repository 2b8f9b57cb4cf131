# Reading and writing through subscripts.
import torch

x = torch.arange(24).reshape(2, 3, 4)
print(x[0], x[0, 1], x[0, 1, 2], x[-1, -1, -1])
print(x[:, 1], x[..., 0], x[0, ..., 1], x[:, None, 0].shape, x[None].shape)
print(x[:, ::2, 1:3], x[1:, :, -2:], x[0][1][2])
print(x[[0, 1], [1, 2]], x[torch.tensor([1, 0])], x[:, [0, 2], 1])
print(x[x > 20], x[x[:, 0, 0] > 5].shape, x[True].shape, x[torch.tensor([True, False])])
index = torch.tensor([[0, 1], [2, 0]])
print(x[0, index].shape, x[0][index][0])
y = x.clone().float()
y[0] = 0
y[1, 2] = torch.tensor([1.0, 2.0, 3.0, 4.0])
y[:, 1, ::2] = -1
print(y)
y[y < 0] = 9
y[torch.tensor([0]), 2] = 5
y[..., -1] += 100
print(y)
y[0, 0, 0] = 3
row = y[0, 0]
row[1] = 77
print(y[0, 0], row.sum())
z = torch.zeros(3)
z[1] = True
z[[0, 2]] = torch.tensor([4.0, 5.0])
print(z)
print(torch.gather(x[0], 1, torch.tensor([[0], [1], [2]])), x.index_select(1, torch.tensor([2, 0]))[:, :, 0])
print(torch.zeros(3, 3).scatter_(1, torch.tensor([[0], [1], [2]]), 1.0))
print(torch.zeros(2, 3).index_fill_(1, torch.tensor([0]), 7), torch.take(x, torch.tensor([0, 23])))
print(x.masked_select(x % 7 == 0), torch.nonzero(x[0] > 8, as_tuple=True))
for value in [lambda: x[2], lambda: x[0, 0, 0, 0], lambda: x[0, 3], lambda: x["a"], lambda: x[torch.tensor([5])], lambda: x[::-1], lambda: x[1.5]]:
    try:
        print(value())
    except Exception as error:
        print(type(error).__name__, error)


def assign(target, index, value):
    try:
        target[index] = value
    except Exception as error:
        print(type(error).__name__, error)


assign(z, 5, 1)
assign(z, slice(None), torch.ones(2))
assign(z, 0, "a")
assign(z, 0, [1])
