"""The documented network and its configurations, for the programs of this folder."""

import copy

import torch
from torch.quantization import DeQuantStub
from torchvision.models.mobilenetv2 import MobileNetV2

from horizon_plugin_pytorch.quantization import QuantStub, prepare_qat_fx
from horizon_plugin_pytorch.quantization.qconfig import (
    default_calib_8bit_fake_quant_qconfig,
    default_calib_8bit_weight_32bit_out_fake_quant_qconfig,
    default_qat_8bit_fake_quant_qconfig,
    default_qat_8bit_weight_32bit_out_fake_quant_qconfig,
)


class FxQATReadyMobileNetV2(MobileNetV2):
    def __init__(self):
        super().__init__(10)
        self.quant = QuantStub(scale=1 / 128)
        self.dequant = DeQuantStub()

    def forward(self, x):
        return self.dequant(super().forward(self.quant(x)))


def prepared(model, calibrates):
    """A copy of `model` prepared for calibration, or for training; the classifier keeps 32-bit results."""
    if calibrates:
        activation, output = default_calib_8bit_fake_quant_qconfig, default_calib_8bit_weight_32bit_out_fake_quant_qconfig
    else:
        activation, output = default_qat_8bit_fake_quant_qconfig, default_qat_8bit_weight_32bit_out_fake_quant_qconfig
    return prepare_qat_fx(copy.deepcopy(model), {"": activation, "module_name": {"classifier": output}})


def images(count):
    """Values an 8-bit image can have: k / 128."""
    return torch.randint(-128, 128, (count, 3, 32, 32)).float() / 128
