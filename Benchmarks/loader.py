"""The documented training loader: images a second, here and (run by CPython with torch and torchvision) in PyTorch.

    qnb run Benchmarks/loader.py            # logical workers 8, threads as the machine has cores
    python Benchmarks/loader.py 2           # the peer with 2 worker processes
    qnb run Benchmarks/loader.py 8 epoch    # also an epoch of training beside its steps alone

`QNB_DATA` set to the folder of cifar-10-batches-py: over CIFAR-10's images, else over computed ones.
"""

import hashlib
import os
import sys
import time

import numpy as np
import torch
import torchvision.transforms as transforms
from torch.utils import data
from torchvision.datasets import CIFAR10
from torchvision.datasets.vision import VisionDataset

COUNT = 10240


def generated(transform):
    """A CIFAR10 dataset whose images are computed."""
    dataset = CIFAR10.__new__(CIFAR10)
    VisionDataset.__init__(dataset, None, transform=transform)
    dataset.train = True
    i = np.arange(COUNT * 3072, dtype=np.int64)
    dataset.data = ((i * 2654435761 % 4294967296) // 65536 % 64 + i % 96 + i // 96 % 32 * 3).astype(np.uint8).reshape(COUNT, 32, 32, 3)
    dataset.targets = [k * 7 % 10 for k in range(COUNT)]
    return dataset


MATRIX = torch.tensor([[66.0, 129.0, 25.0], [-38.0, -74.0, 112.0], [112.0, -94.0, -18.0]]).view(3, 3, 1, 1)
OFFSET = torch.tensor([16.0, 128.0, 128.0]).view(1, 3, 1, 1)
normalize = transforms.Normalize(mean=0.0, std=128.0)


def rgb2centered_yuv(images):
    try:
        from horizon_plugin_pytorch.functional import rgb2centered_yuv as convert
    except ImportError:
        mixed = torch.nn.functional.conv2d(images.float(), MATRIX, torch.full((3,), 128.0)) / 256 + OFFSET
        return mixed.trunc().int() - 128
    return convert(images)


def collate_fn(batch):
    images = torch.stack([torch.from_numpy(np.array(example[0], np.uint8, copy=True)) for example in batch]).permute(0, 3, 1, 2)
    targets = torch.tensor([example[1] for example in batch])
    return normalize(rgb2centered_yuv(images).float()), targets


def epoch(loader):
    """Seconds of an epoch with the loader, and of the same steps over batches at hand."""
    from torchvision.models.mobilenetv2 import MobileNetV2

    model = MobileNetV2(num_classes=10)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    def train(batches):
        start = time.perf_counter()
        for images, targets in batches:
            loss = criterion(model(images), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
        return time.perf_counter() - start

    batches = [batch for _, batch in zip(range(40), loader)]
    train(batches[:4])
    # Halves on both sides: a machine that changes its mind changes both figures.
    alone = train(batches[:20])
    # A fresh iteration, ended after as many batches.
    together = train(batch for _, batch in zip(range(40), loader))
    return together, alone + train(batches[20:])


workers = int(sys.argv[1]) if len(sys.argv) > 1 else 8
augmentation = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandAugment()])
folder = os.environ.get("QNB_DATA")
dataset = CIFAR10(folder, True, augmentation) if folder else generated(augmentation)
if folder:
    dataset = data.Subset(dataset, range(COUNT))
loader = data.DataLoader(
    dataset, batch_size=256, sampler=data.RandomSampler(dataset), num_workers=workers, collate_fn=collate_fn)
torch.manual_seed(0)
images, _ = next(iter(loader))
print("first batch", hashlib.md5(images.contiguous().numpy().tobytes()).hexdigest())
start = time.perf_counter()
seen = sum(len(targets) for _, targets in loader)
elapsed = time.perf_counter() - start
print(f"{seen / elapsed:.0f} images/s ({seen} in {elapsed:.2f} s, {workers} workers)")
if "epoch" in sys.argv:
    together, alone = epoch(loader)
    print(f"epoch of 40 batches: {together:.2f} s, its steps alone {alone:.2f} s, ratio {together / alone:.3f}")
