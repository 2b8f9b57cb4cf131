"""Epochs of the quick start's training, here and (run by CPython with torch and torchvision) in PyTorch: losses, wall time, peak memory.

    qnb run Benchmarks/quickstart.py DATA [float|qat] [EPOCHS] [BATCHES]
    python Benchmarks/quickstart.py DATA [float|qat] [EPOCHS] [BATCHES]

DATA holds CIFAR-10's folder `cifar-10-batches-py`. Both start from the seed 0, so weights and batches are the same and the first losses agree.
`qat` trains with simulated rounding after 8 batches of calibration; in PyTorch, with FX graph mode and 8-bit weights per channel. Evaluation is
timed with the epoch, as the documented loop does it.
"""

import copy
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torchvision.transforms as transforms
from torch.utils import data
from torchvision.datasets import CIFAR10
from torchvision.models.mobilenetv2 import MobileNetV2

try:
    from horizon_plugin_pytorch.functional import rgb2centered_yuv
    ours = True
except ImportError:
    ours = False
    MATRIX = torch.tensor([[66.0, 129.0, 25.0], [-38.0, -74.0, 112.0], [112.0, -94.0, -18.0]]).view(3, 3, 1, 1)
    OFFSET = torch.tensor([16.0, 128.0, 128.0]).view(1, 3, 1, 1)

    def rgb2centered_yuv(images):
        mixed = torch.nn.functional.conv2d(images.float(), MATRIX, torch.full((3,), 128.0)) / 256 + OFFSET
        return mixed.trunc().int() - 128


data_path = sys.argv[1]
mode = sys.argv[2] if len(sys.argv) > 2 else "float"
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 1
batches = int(sys.argv[4]) if len(sys.argv) > 4 else None
normalize = transforms.Normalize(mean=0.0, std=128.0)


def collate_fn(batch):
    images = torch.stack([torch.from_numpy(np.array(example[0], np.uint8, copy=True)) for example in batch]).permute(0, 3, 1, 2)
    targets = torch.tensor([example[1] for example in batch])
    return normalize(rgb2centered_yuv(images).float()), targets


def loaders():
    train = CIFAR10(data_path, True, transforms.Compose([transforms.RandomHorizontalFlip(), transforms.RandAugment()]))
    test = CIFAR10(data_path, False)
    return (
        data.DataLoader(train, batch_size=256, sampler=data.RandomSampler(train), num_workers=8, collate_fn=collate_fn),
        data.DataLoader(test, batch_size=256, sampler=data.SequentialSampler(test), num_workers=8, collate_fn=collate_fn),
    )


class Net(MobileNetV2):
    def __init__(self):
        super().__init__(10)
        if ours:
            from horizon_plugin_pytorch.quantization import QuantStub
            from torch.quantization import DeQuantStub

            self.quant = QuantStub(scale=1 / 128)
            self.dequant = DeQuantStub()

    def forward(self, x):
        return self.dequant(super().forward(self.quant(x))) if ours else super().forward(x)


def calibrated(model):
    """`model` prepared for quantization-aware training, its scales set by 8 batches."""
    train, _ = loaders()
    if ours:
        from horizon_plugin_pytorch.march import March, set_march
        from horizon_plugin_pytorch.quantization import FakeQuantState, prepare_qat_fx, set_fake_quantize
        from horizon_plugin_pytorch.quantization import qconfig

        set_march(March.BAYES)

        def prepared(whole, classifier):
            return prepare_qat_fx(copy.deepcopy(model), {"": whole, "module_name": {"classifier": classifier}})

        calibration = prepared(qconfig.default_calib_8bit_fake_quant_qconfig, qconfig.default_calib_8bit_weight_32bit_out_fake_quant_qconfig)
        calibration.eval()
        set_fake_quantize(calibration, FakeQuantState.CALIBRATION)
        observe(calibration, train)
        trained = prepared(qconfig.default_qat_8bit_fake_quant_qconfig, qconfig.default_qat_8bit_weight_32bit_out_fake_quant_qconfig)
        trained.load_state_dict(calibration.state_dict())
        trained.train()
        set_fake_quantize(trained, FakeQuantState.QAT)
        return trained
    from torch.ao.quantization import get_default_qat_qconfig_mapping
    from torch.ao.quantization.quantize_fx import prepare_qat_fx

    trained = prepare_qat_fx(copy.deepcopy(model).train(), get_default_qat_qconfig_mapping("x86"), (torch.zeros(1, 3, 32, 32),))
    trained.apply(torch.ao.quantization.disable_fake_quant)
    trained.eval()
    observe(trained, train)
    trained.apply(torch.ao.quantization.enable_fake_quant)
    return trained.train()


def observe(model, loader):
    with torch.no_grad():
        for index, (images, _) in enumerate(loader):
            model(images)
            if index == 7:
                break


torch.manual_seed(0)
model = Net()
if not ours:
    model = model.to(memory_format=torch.channels_last)
train, test = loaders()
if mode == "qat":
    model = calibrated(model)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4 if mode == "qat" else 1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(epochs):
    model.train()
    start = time.perf_counter()
    total, hits, seen, losses = 0.0, 0, 0, []
    for index, (images, targets) in enumerate(train):
        output = model(images)
        loss = criterion(output, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        total += losses[-1] * len(targets)
        hits += int((output.argmax(1) == targets).sum())
        seen += len(targets)
        if batches is not None and index + 1 == batches:
            break
    middle = time.perf_counter()
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, targets in test:
            correct += int((model(images).argmax(1) == targets).sum())
    end = time.perf_counter()
    with open("/proc/self/status") as status:
        peak = [int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")][0]
    print("first losses " + " ".join(f"{value:.4f}" for value in losses[:6]))
    print(
        f"{mode} epoch {epoch}: loss {total / seen:.4f} Acc@1 {100 * hits / seen:.2f} evaluation Acc@1 {correct / 100:.2f}"
        f" training {middle - start:.1f} s evaluation {end - middle:.1f} s peak {peak} MB",
        flush=True,
    )
