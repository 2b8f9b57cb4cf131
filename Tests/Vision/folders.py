"""ImageFolder, FakeData and MNIST's format, on files the program writes."""

import hashlib
import os
import struct
import tempfile

import numpy as np
import torch
import torchvision.transforms as T
from PIL import Image
from torch.utils import data
from torchvision.datasets import FakeData, ImageFolder, MNIST


def digest(x):
    return hashlib.md5(x.contiguous().numpy().tobytes()).hexdigest()


with tempfile.TemporaryDirectory() as root:
    for c, name in enumerate(["cat", "dog", "emu"]):
        os.makedirs(os.path.join(root, name, "more"))
        for k in range(3):
            i = np.arange(16 * 12 * 3, dtype=np.int64) + 100 * c + k
            array = ((i * 2654435761 % 4294967296) // 65536 % 200 + i % 50).astype(np.uint8).reshape(12, 16, 3)
            Image.fromarray(array).save(os.path.join(root, name, "more" if k == 2 else "", f"{k}.png"))
    with open(os.path.join(root, "dog", "notes.txt"), "w") as file:
        file.write("no image")
    folder = ImageFolder(root, T.Compose([T.RandomResizedCrop(8), T.ToTensor()]))
    print(len(folder), folder.classes, folder.class_to_idx, folder.targets)
    print([os.path.relpath(path, root) for path, _ in folder.samples])
    for workers in (0, 2):
        torch.manual_seed(4)
        for images, labels in data.DataLoader(folder, batch_size=4, shuffle=True, num_workers=workers):
            print(workers, digest(images), labels.tolist())
    image, label = folder[4]
    print(tuple(image.shape), label)
    os.makedirs(os.path.join(root, "fox"))
    try:
        ImageFolder(root)
    except FileNotFoundError as error:
        print(str(error).split("Supported")[0])

fake = FakeData(size=5, image_size=(3, 10, 12), transform=T.PILToTensor())
print(fake)
torch.manual_seed(9)
before = torch.rand(1).item()
print([(digest(x), y) for x, y in (fake[i] for i in range(5))])
torch.manual_seed(9)
print(before == torch.rand(1).item())

with tempfile.TemporaryDirectory() as root:
    raw = os.path.join(root, "MNIST", "raw")
    os.makedirs(raw)
    for prefix, count in (("train", 20), ("t10k", 7)):
        i = np.arange(count * 784, dtype=np.int64)
        pixels = ((i * 2654435761 % 4294967296) // 65536 % 256).astype(np.uint8)
        with open(os.path.join(raw, f"{prefix}-images-idx3-ubyte"), "wb") as file:
            file.write(struct.pack(">IIII", 2051, count, 28, 28) + pixels.tobytes())
        with open(os.path.join(raw, f"{prefix}-labels-idx1-ubyte"), "wb") as file:
            file.write(struct.pack(">II", 2049, count) + bytes(k % 10 for k in range(count)))
    digits = MNIST(root, train=True, transform=T.Compose([T.RandomRotation(10), T.ToTensor()]))
    print(len(digits), digits.data.shape, digits.data.dtype, digits.targets.dtype, digits.classes[3], digits.class_to_idx["7 - seven"])
    torch.manual_seed(6)
    for images, labels in data.DataLoader(digits, batch_size=8, num_workers=2):
        print(tuple(images.shape), digest(images), labels.tolist())
    print(len(MNIST(root, train=False)), MNIST(root, train=False)[2][0].mode)
