"""The reports users reach for when a quantised model loses accuracy."""

import contextlib
import copy
import io

import torch
import torch.nn as nn
from torch.quantization import DeQuantStub, QuantStub

from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, convert_fx, prepare_qat_fx, set_fake_quantize
from horizon_plugin_pytorch.quantization.qconfig import default_qat_8bit_fake_quant_qconfig as qconfig
from horizon_plugin_pytorch.quantization.qconfig import default_qat_8bit_weight_32bit_out_fake_quant_qconfig as out_qconfig
from horizon_plugin_pytorch.utils.quant_profiler import (
    check_qconfig, check_unfused_operations, compare_weights, featuremap_similarity, get_module_called_count, get_raw_features, sensitivity, similarity,
)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = QuantStub()
        self.conv = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.head = nn.Linear(8, 4)
        self.dequant = DeQuantStub()

    def forward(self, x):
        x = self.conv(self.quant(x)).mean((2, 3), keepdim=True).flatten(1)
        return self.dequant(self.head(x))


a = torch.tensor([1.0, 2.0, 2.0])
print(similarity(a, 2 * a), similarity(a, a + 1, "MSE"), similarity(a, a - 0.5, "L1"), similarity(a, a, "SQNR"), round(similarity(a, a * 0.9, "SQNR"), 4))
torch.manual_seed(1)
set_march(March.BAYES)
net = Net().eval()
model = prepare_qat_fx(copy.deepcopy(net), {"": qconfig, "module_name": {"head": out_qconfig}}).eval()
set_fake_quantize(model, FakeQuantState.CALIBRATION)
x = torch.randn(2, 3, 8, 8)
with torch.no_grad():
    model(x)
model.eval()
set_fake_quantize(model, FakeQuantState.VALIDATION)
quantized = convert_fx(model)
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    rows = featuremap_similarity(net, model, x)
    converted_rows = featuremap_similarity(model, quantized, x, "MSE")
    weight_rows = compare_weights(net, model)
    sensitive = sensitivity(model, x)
print([line for line in printed.getvalue().splitlines() if line.startswith(("index", "worst", "to try"))])
print([row[1] for row in rows], all(row[3] > 0.999 for row in rows))
print([name for name, _, _, _ in get_raw_features(quantized, x)])
print(max(row[5] for row in converted_rows) < 0.05)
print([name for name, *_ in sorted(weight_rows)])
check_qconfig(model)
print(sorted(row[0] for row in sensitive))
print(check_unfused_operations(model))
print(get_module_called_count(model))
try:
    similarity(a, a, "distance")
except ValueError as error:
    print(error)
