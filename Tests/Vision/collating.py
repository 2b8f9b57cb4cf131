"""default_collate, its results and its refusals; wrong arguments of the loader."""

from collections import namedtuple

import numpy as np
import torch
from torch.utils import data
from torch.utils.data import default_collate, default_convert

Point = namedtuple("Point", ["x", "y"])
print(default_collate([1, 2, 3]), default_collate([1.5, 2.5]).dtype, default_collate([True, False]))
print(default_collate(["a", "b"]), default_collate([b"x", b"y"]))
print(default_collate([(1, 2.0), (3, 4.0)]))
print(default_collate([[1, 2], [3, 4]]))
print(default_collate([{"a": 1, "b": [1, 2]}, {"a": 2, "b": [3, 4]}]))
print(default_collate([Point(0, 0), Point(1, 2)]))
print(default_collate([torch.tensor([0, 1]), torch.tensor([2, 3])]))
print(default_collate([np.arange(3), np.arange(3) * 2]))
print(default_convert(np.arange(3)), default_convert([np.ones(2), "s"]), default_convert({"k": np.zeros(1)}))


def refused(action):
    try:
        action()
    except (RuntimeError, TypeError, ValueError, AssertionError, NotImplementedError) as error:
        print(type(error).__name__, str(error).split(" (sample")[0])


refused(lambda: default_collate([torch.zeros(2), torch.zeros(3)]))
refused(lambda: default_collate([(1, 2), (3,)]))
refused(lambda: default_collate([object()]))
refused(lambda: data.DataLoader([1], num_workers=-1))
refused(lambda: data.DataLoader([1], timeout=-1))
refused(lambda: data.DataLoader([1], shuffle=True, sampler=data.SequentialSampler([1])))
refused(lambda: data.DataLoader([1], batch_size=None, drop_last=True))
refused(lambda: data.DataLoader([1], batch_size=0))
refused(lambda: data.DataLoader([1], prefetch_factor=2))
refused(lambda: data.DataLoader([1], persistent_workers=True))
refused(lambda: data.DataLoader([1], batch_sampler=[[0]], batch_size=3))
refused(lambda: data.DataLoader([], shuffle=True))
refused(lambda: data.RandomSampler([1], num_samples=0))
refused(lambda: data.WeightedRandomSampler([[1.0]], 1))
refused(lambda: data.TensorDataset(torch.zeros(2), torch.zeros(3)))
refused(lambda: data.random_split(range(5), [1, 2]))
refused(lambda: data.Dataset()[0])
loader = data.DataLoader([1, 2, 3], batch_size=2)
refused(lambda: setattr(loader, "batch_size", 4))
both = data.ConcatDataset([[1, 2], [3], [4, 5, 6]])
print(len(both), [both[i] for i in range(-6, 6)])
pairs = data.TensorDataset(torch.arange(4), torch.arange(4) * 2)
print(pairs[1], [b for b in data.DataLoader(pairs, batch_size=3)])
print(data.StackDataset([1, 2], [3, 4])[1], data.StackDataset(a=[1, 2], b=[3, 4])[0])
print([b for b in data.DataLoader([10, 20, 30], batch_size=None)])
