"""Whether the compiled program computes what the integer model computes, on every test image of CIFAR-10.

    qnb run Benchmarks/quantization/compiled.py DATA TRACED.pt [OPT]

TRACED.pt is what the quick start saves with torch.jit.save. The program is compiled for tensors from DDR and run on the simulator; every logit of
every image is compared. Exits with 1 where one differs.
"""

import os
import sys
import tempfile
import time

import numpy as np
import torch
from torchvision.datasets import CIFAR10

from horizon import runtime
from horizon_plugin_pytorch.functional import rgb2centered_yuv
from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import compile_model

set_march(March.BAYES)
test = CIFAR10(sys.argv[1], False)
model = torch.jit.load(sys.argv[2])
opt = sys.argv[3] if len(sys.argv) > 3 else "O2"
pixels = torch.from_numpy(test.data).permute(0, 3, 1, 2)
labels = torch.tensor(test.targets)
size = 256
program = None
different = hits = 0
start = time.perf_counter()
for first in range(0, len(labels), size):
    images = rgb2centered_yuv(pixels[first : first + size]).float() / 128
    count = len(images)
    if count < size:
        # The traced model has a fixed batch: the last one is filled up with its first image.
        images = torch.cat([images, images[:1].expand(size - count, -1, -1, -1)])
    if program is None:
        path = os.path.join(tempfile.mkdtemp(), "model.hbm")
        compile_model(model, [images], hbm=path, opt=opt, progressbar=False)
        program = runtime.load(path)
    expected, seen = model(images)[:count].reshape(count, -1), program(images)[:count].reshape(count, -1)
    different += int((expected != seen).any(1).sum())
    hits += int((seen.argmax(1) == labels[first : first + count]).sum())
print(f"{opt}: {different} of {len(labels)} images differ; Acc@1 {100 * hits / len(labels):.2f} of the program; {time.perf_counter() - start:.1f} s")
sys.exit(1 if different else 0)
