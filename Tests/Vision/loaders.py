"""The documented loaders: 8 workers, batches of 256, flip and RandAugment, a collate function of the program's."""

import hashlib

import numpy as np
import torch
import torchvision.transforms as transforms
from torch.utils import data
from torchvision.datasets import CIFAR10
from torchvision.datasets.vision import VisionDataset


def generated(count, transform=None, target_transform=None):
    """A CIFAR10 dataset whose images are computed."""
    dataset = CIFAR10.__new__(CIFAR10)
    VisionDataset.__init__(dataset, None, transform=transform, target_transform=target_transform)
    dataset.train = True
    i = np.arange(count * 3072, dtype=np.int64)
    noise = (i * 2654435761 % 4294967296) // 65536 % 64
    gradient = i % 96 + i // 96 % 32 * 3
    dataset.data = (noise + gradient).astype(np.uint8).reshape(count, 32, 32, 3)
    dataset.targets = [k * 7 % 10 for k in range(count)]
    return dataset


def collate_fn(batch):
    batched_img = torch.stack(
        [torch.from_numpy(np.array(example[0], np.uint8, copy=True)) for example in batch]
    ).permute(0, 3, 1, 2)
    batched_target = torch.tensor([example[1] for example in batch])
    return batched_img, batched_target


def digest(tensor):
    return hashlib.md5(tensor.contiguous().numpy().tobytes()).hexdigest()


train = generated(4500, transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandAugment()]))
print(train)
torch.manual_seed(0)
loader = data.DataLoader(
    train, batch_size=256, sampler=data.RandomSampler(train), num_workers=8, collate_fn=collate_fn, pin_memory=True)
print(len(loader))
for epoch in range(2):
    for k, (images, labels) in enumerate(loader):
        if epoch == 1 and k == 3:
            break
        print(epoch, k, tuple(images.shape), digest(images), digest(labels))
print(torch.rand(2))

evaluation = data.DataLoader(
    generated(1000), batch_size=256, sampler=data.SequentialSampler(range(1000)), num_workers=8, collate_fn=collate_fn)
for images, labels in evaluation:
    print(tuple(images.shape), digest(images), digest(labels))

# To tensors, with the default collate function, with and without workers.
chain = transforms.Compose([
    transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.TrivialAugmentWide(), transforms.ToTensor(),
    transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.243, 0.261)),
])
for workers in (0, 3):
    torch.manual_seed(1)
    loader = data.DataLoader(generated(300, chain, lambda y: y + 100), batch_size=64, shuffle=True, drop_last=True, num_workers=workers)
    for images, labels in loader:
        print(workers, images.dtype, digest(images), digest(labels))

subset = data.Subset(generated(300, transforms.PILToTensor()), range(0, 300, 7))
for images, labels in data.DataLoader(subset, batch_size=20, num_workers=2):
    print(images.dtype, digest(images), labels.tolist())
one, other = data.random_split(generated(100), [0.8, 0.2], generator=torch.Generator().manual_seed(3))
print(len(one), other.indices)
