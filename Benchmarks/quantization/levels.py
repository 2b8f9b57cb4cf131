"""Latency, DDR bytes, on-chip peak and compile time of three models at every optimisation level, as the table of docs/bpu.md.

qnb run levels.py prints the table; it fails where a level is slower than the one below it, or `ddr` moves more bytes than another.
"""

import json
import time

import _deployment
import torch
import torch.nn as nn
from torch.quantization import DeQuantStub
from torchvision.models import resnet18
from torchvision.models.mobilenetv2 import MobileNetV2

from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, QuantStub, convert_fx, prepare_qat_fx, set_fake_quantize
from horizon_plugin_pytorch.quantization.qconfig import default_calib_8bit_fake_quant_qconfig

LEVELS = ["O0", "O1", "O2", "O3", "ddr"]


class Stubs(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.quant = QuantStub(scale=1 / 128)
        self.model = model
        self.dequant = DeQuantStub()

    def forward(self, x):
        return self.dequant(self.model(self.quant(x)))


def block(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """Three scales, joined by concatenation; a mask of 4 classes."""

    def __init__(self, width=16):
        super().__init__()
        self.first, self.second, self.third = block(3, width), block(width, 2 * width), block(2 * width, 4 * width)
        self.down = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.second_up, self.first_up = block(6 * width, 2 * width), block(3 * width, width)
        self.head = nn.Conv2d(width, 4, 1)

    def forward(self, x):
        first = self.first(x)
        second = self.second(self.down(first))
        third = self.third(self.down(second))
        second = self.second_up(torch.cat([self.up(third), second], 1))
        return self.head(self.first_up(torch.cat([self.up(second), first], 1)))


def graph(model, shape):
    model = prepare_qat_fx(Stubs(model).eval(), {"": default_calib_8bit_fake_quant_qconfig}).eval()
    set_fake_quantize(model, FakeQuantState.CALIBRATION)
    with torch.no_grad():
        model(torch.randint(-128, 128, (2, *shape[1:])).float() / 128)
    return torch.jit.trace(convert_fx(model), torch.zeros(shape))._integer_graph("levels.py")


def measure(integers, level):
    start = time.perf_counter()
    program = _deployment.compile(integers, March.BAYES, integers.name, ["pyramid"], [], "NCHW", level, 2.0, "")
    seconds = time.perf_counter() - start
    summary = json.loads(program.report_json(""))["summary"]
    return summary["latency (us)"], summary["DDR bytes per frame"], program.chip_peak, seconds


def main():
    torch.manual_seed(0)
    set_march(March.BAYES)
    print("| model | | " + " | ".join("`{}`".format(level) for level in LEVELS) + " |")
    print("|---|---" + "|---" * len(LEVELS) + "|")
    for name, model, shape in [
        ("MobileNetV2 32×32, batch 256", MobileNetV2(10), (256, 3, 32, 32)),
        ("MobileNetV2 32×32, batch 1", MobileNetV2(10), (1, 3, 32, 32)),
        ("ResNet-18 64×64, batch 16", resnet18(num_classes=10), (16, 3, 64, 64)),
        ("U-Net 128×128, batch 4", UNet(), (4, 3, 128, 128)),
    ]:
        integers = graph(model, shape)
        rows = [measure(integers, level) for level in LEVELS]
        latencies = [row[0] for row in rows[:4]]
        assert latencies == sorted(latencies, reverse=True), "{}: latencies {}".format(name, latencies)
        assert rows[4][1] == min(row[1] for row in rows), "{}: bytes {}".format(name, [row[1] for row in rows])
        for what, column, form in [("latency, µs", 0, "{:,.0f}"), ("DDR bytes per frame", 1, "{:,.0f}"), ("on-chip peak, KiB", 2, None), ("compile, s", 3, "{:.2f}")]:
            cells = ["{:,.0f}".format(row[column] / 1024) if form is None else form.format(row[column]) for row in rows]
            print("| {} | {} | ".format(name if column == 0 else "", what) + " | ".join(cells) + " |")


main()
