# Tensors and arrays share memory and meet in arithmetic.
import numpy as np
import torch


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


a = np.arange(6, dtype=np.float32).reshape(2, 3)
t = torch.from_numpy(a)
t[0, 0] = 50
print(a[0, 0], t.dtype, t.shape, t)
a[1, 2] = -1
print(t[1, 2])
b = torch.arange(3).numpy()
print(type(b).__name__, b.dtype, b)
x = torch.ones(2)
n = x.numpy()
n += 1
print(x, np.asarray(x).sum(), np.array(x).dtype)
print(torch.tensor(np.array([1.5, 2.5])), torch.tensor(np.float32(3)), torch.as_tensor(a).shape, torch.tensor([np.array([1, 2]), np.array([3, 4])]).shape)
print(torch.tensor(np.array([True, False])), torch.from_numpy(np.array([1, 2], np.uint8)).dtype, torch.tensor(a, dtype=torch.int64)[0])
print(x * np.ones(2, dtype=np.float32), x + np.float32(1), x[np.array([0, 1])], x.detach().numpy().tolist(), torch.ones(2, 2)[np.int64(1)])
print(np.mean(x.numpy()), float(np.max(t.numpy())), torch.stack([torch.from_numpy(np.array([i, i], np.uint8)) for i in range(2)]))
fails(lambda: torch.ones(1, requires_grad=True).numpy())
fails(lambda: torch.from_numpy([1]))
