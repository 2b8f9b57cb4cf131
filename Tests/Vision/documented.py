"""The documented loaders over a dataset: digests of the first 16 training batches and of every evaluation batch, before and after colour."""

import hashlib

import numpy as np
import torch
import torchvision.transforms as transforms
from torch.utils import data

MATRIX = torch.tensor([[66.0, 129.0, 25.0], [-38.0, -74.0, 112.0], [112.0, -94.0, -18.0]]).view(3, 3, 1, 1)
OFFSET = torch.tensor([16.0, 128.0, 128.0]).view(1, 3, 1, 1)
normalize = transforms.Normalize(mean=0.0, std=128.0)


def rgb2centered_yuv(images):
    try:
        from horizon_plugin_pytorch.functional import rgb2centered_yuv as convert
    except ImportError:
        # What the plugin computes, for PyTorch without it.
        mixed = torch.nn.functional.conv2d(images.float(), MATRIX, torch.full((3,), 128.0)) / 256 + OFFSET
        return mixed.trunc().int() - 128
    return convert(images)


def collate_fn(batch):
    images = torch.stack([torch.from_numpy(np.array(example[0], np.uint8, copy=True)) for example in batch]).permute(0, 3, 1, 2)
    targets = torch.tensor([example[1] for example in batch])
    return normalize(rgb2centered_yuv(images).float()), targets, images


def digest(tensor):
    return hashlib.md5(tensor.contiguous().numpy().tobytes()).hexdigest()


augmentation = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandAugment()])


def report(train, evaluation):
    """Prints digests; `train` has `augmentation` for its transform, `evaluation` none."""
    torch.manual_seed(0)
    loader = data.DataLoader(
        train, batch_size=256, sampler=data.RandomSampler(train), num_workers=8, collate_fn=collate_fn, pin_memory=True)
    print(len(train), len(loader))
    for k, (images, labels, pixels) in enumerate(loader):
        if k == 16:
            break
        print("train", k, tuple(images.shape), images.dtype, digest(pixels), digest(images), digest(labels))
    loader = data.DataLoader(
        evaluation, batch_size=256, sampler=data.SequentialSampler(evaluation), num_workers=8, collate_fn=collate_fn, pin_memory=True)
    for k, (images, labels, pixels) in enumerate(loader):
        print("eval", k, tuple(images.shape), images.dtype, digest(pixels), digest(images), digest(labels))


def space():
    """RandAugment's operations for 32x32 images: (name, magnitudes, whether a sign is drawn)."""
    linear = lambda last: torch.linspace(0.0, last, 31).tolist()
    move = 150.0 / 331.0 * 32
    result = [("Identity", [0.0], False), ("ShearX", linear(0.3), True), ("ShearY", linear(0.3), True), ("TranslateX", linear(move), True)]
    result += [("TranslateY", linear(move), True), ("Rotate", linear(30.0), True)]
    result += [(name, linear(0.9), True) for name in ("Brightness", "Color", "Contrast", "Sharpness")]
    result += [("Posterize", [8 - round(k / (30 / 4)) for k in range(31)], False), ("Solarize", torch.linspace(255.0, 0.0, 31).tolist(), False)]
    return result + [("AutoContrast", [0.0], False), ("Equalize", [0.0], False)]


def operations(dataset):
    """Prints one digest for every operation of RandAugment at every magnitude, both signs, over the dataset's first 8 images."""
    for name, levels, signed in space():
        total = hashlib.md5()
        for level in levels:
            for value in ([level, -level] if signed else [level]):
                for index in range(8):
                    changed = transforms.autoaugment._apply_op(
                        dataset[index][0], name, value, transforms.InterpolationMode.NEAREST, None)
                    total.update(changed.tobytes())
        print(name, len(levels), signed, total.hexdigest())
