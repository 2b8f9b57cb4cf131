"""Float model, calibration, training, conversion, trace: each step as documented, on a small residual network."""

import copy
import io
import logging

import torch
import torch.nn as nn
import torch.quantization
from torch.quantization import DeQuantStub

from horizon_plugin_pytorch.march import March, get_march, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, QuantStub, convert_fx, prepare_qat_fx, set_fake_quantize
from horizon_plugin_pytorch.quantization.qconfig import (
    default_calib_8bit_fake_quant_qconfig,
    default_calib_8bit_weight_32bit_out_fake_quant_qconfig,
    default_qat_8bit_fake_quant_qconfig,
    default_qat_8bit_weight_32bit_out_fake_quant_qconfig,
)

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False), nn.BatchNorm2d(width), nn.ReLU6(inplace=True),
            nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width),
        )

    def forward(self, x):
        return x + self.conv(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU6(inplace=True)), Block(16))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(16, 4))
        self.quant = QuantStub(scale=1 / 128)
        self.dequant = DeQuantStub()

    def forward(self, x):
        x = self.features(self.quant(x))
        x = nn.functional.adaptive_avg_pool2d(x, (1, 1))
        x = self.classifier(torch.flatten(x, 1))
        return self.dequant(x)


torch.manual_seed(0)
set_march(March.BAYES)
print(get_march())
float_model = Net()
x = torch.rand(16, 3, 8, 8) * 1.75 - 0.875
target = torch.arange(16) % 4

calib_model = prepare_qat_fx(
    copy.deepcopy(float_model),
    {"": default_calib_8bit_fake_quant_qconfig, "module_name": {"classifier": default_calib_8bit_weight_32bit_out_fake_quant_qconfig}},
)
for node in calib_model.graph.nodes:
    print(node.op, node.name, node.target, node.args)
calib_model.eval()
set_fake_quantize(calib_model, FakeQuantState.CALIBRATION)
with torch.no_grad():
    calib_model(x)
    float_model.eval()
    print("calibration computes in floats:", torch.allclose(calib_model(x), float_model(x), atol=1e-5))
calib_model.eval()
set_fake_quantize(calib_model, FakeQuantState.VALIDATION)
print("the fixed scale:", calib_model.quant.activation_post_process.scale.item())

qat_model = prepare_qat_fx(
    copy.deepcopy(float_model),
    {"": default_qat_8bit_fake_quant_qconfig, "module_name": {"classifier": default_qat_8bit_weight_32bit_out_fake_quant_qconfig}},
).to(torch.device("cpu"))
print(qat_model.load_state_dict(calib_model.state_dict()))
print(type(qat_model.get_submodule("features.1.conv.3")).__name__, qat_model.get_submodule("features.1_generated_add_0")._get_name())

optimizer = torch.optim.Adam(qat_model.parameters(), lr=1e-2)
losses = []
for step in range(12):
    qat_model.train()
    set_fake_quantize(qat_model, FakeQuantState.QAT)
    loss = nn.CrossEntropyLoss()(qat_model(x), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print("the loss falls:", losses[-1] < losses[0])

qat_model.eval()
set_fake_quantize(qat_model, FakeQuantState.VALIDATION)
quantized_model = convert_fx(qat_model)
with torch.no_grad():
    expected = qat_model(x)
    result = quantized_model(x)
print("integers follow the simulation:", (expected - result).abs().max().item() < 0.05 * expected.abs().max().item())
print("same classes:", (expected.argmax(1) == result.argmax(1)).sum().item() >= 15)

file = io.BytesIO()
torch.save(qat_model.state_dict(), file)
file.seek(0)
again = prepare_qat_fx(
    Net(), {"": default_qat_8bit_fake_quant_qconfig, "module_name": {"classifier": default_qat_8bit_weight_32bit_out_fake_quant_qconfig}}
)
print(again.load_state_dict(torch.load(file)))
again.eval()
set_fake_quantize(again, FakeQuantState.VALIDATION)
with torch.no_grad():
    print("a saved state restores the model:", torch.equal(again(x), expected))
print(torch.jit.trace(quantized_model.cpu(), x) is not None)
