"""Random numbers in workers, their order, and what a dataset can learn of its worker."""

import random

import numpy as np
import torch
from torch.utils import data


class Draws(data.Dataset):
    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        info = data.get_worker_info()
        where = -1 if info is None else info.id
        return i, where, torch.rand(1).item(), random.random(), float(np.random.rand())


def show(batch):
    return [tuple(round(v, 6) for v in sample) for sample in batch], round(torch.rand(1).item(), 6)


for workers in (1, 3):
    torch.manual_seed(7)
    loader = data.DataLoader(Draws(10), batch_size=2, num_workers=workers, collate_fn=show)
    for epoch in range(2):
        for batch in loader:
            print(workers, epoch, batch)
print(data.get_worker_info(), torch.rand(1))

torch.manual_seed(7)
loader = data.DataLoader(Draws(8), batch_size=2, num_workers=2, collate_fn=show, persistent_workers=True)
for epoch in range(2):
    for batch in loader:
        print("persistent", epoch, batch)


def init(worker):
    torch.manual_seed(100 + worker)
    random.seed(worker)
    np.random.seed(worker)


torch.manual_seed(7)
for batch in data.DataLoader(Draws(6), batch_size=1, num_workers=2, collate_fn=show, worker_init_fn=init):
    print("init", batch)

g = torch.Generator()
g.manual_seed(5)
loader = data.DataLoader(range(10), batch_size=4, shuffle=True, generator=g)
print([batch.tolist() for batch in loader], [batch.tolist() for batch in loader])

torch.manual_seed(3)
print(list(data.RandomSampler(range(10))))
print(list(data.RandomSampler(range(10), replacement=True, num_samples=40)))
print(list(data.RandomSampler(range(5), num_samples=12)))
print(list(data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 5, replacement=True)))
print(list(data.WeightedRandomSampler([0.9, 0.4, 0.05, 0.2, 0.3, 0.1], 5, replacement=False)))
print(list(data.SubsetRandomSampler([3, 9, 27, 81])))
print(list(data.BatchSampler(data.SequentialSampler(range(10)), batch_size=3, drop_last=False)))
print(list(data.BatchSampler(data.SequentialSampler(range(10)), batch_size=3, drop_last=True)))


class Stream(data.IterableDataset):
    def __iter__(self):
        info = data.get_worker_info()
        start = 0 if info is None else info.id
        step = 1 if info is None else info.num_workers
        return iter(range(start, 11, step))


for workers in (0, 2):
    for batch in data.DataLoader(Stream(), batch_size=2, num_workers=workers):
        print("stream", workers, batch.tolist())


class Failing(data.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return 1 / (2 - i)


for workers in (0, 2):
    try:
        for batch in data.DataLoader(Failing(), num_workers=workers):
            print(batch)
    except ZeroDivisionError as error:
        print(type(error).__name__, "in the loader")
