"""Wrong order, wrong keys, wrong models: the documented assertion or warning for each."""

import sys
import traceback

import torch
import torch.nn as nn
from torch.quantization import DeQuantStub, QuantStub

import horizon_plugin_pytorch
from horizon_plugin_pytorch import _log
from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.nn.quantized import FloatFunctional
from horizon_plugin_pytorch.quantization import FakeQuantState, QConfig, check_model, compile_model, convert_fx, get_default_qconfig, prepare_qat_fx, set_fake_quantize
from horizon_plugin_pytorch.quantization.qconfig import default_qat_8bit_fake_quant_qconfig as qconfig
from horizon_plugin_pytorch.quantization.qconfig import default_qat_8bit_weight_16bit_act_fake_quant_qconfig as qconfig16

_log._handler.setStream(sys.stdout)
_log._handler.setFormatter(__import__("logging").Formatter("%(levelname)s: %(message)s"))


source = open("mistakes-are-named.py").read().split("\n")


def attempt(label, body):
    try:
        body()
        print(label, "-> nothing raised")
    except Exception as error:
        print(label, "->", type(error).__name__ + ":", error)
        # The user's own lines: the last of them is where the mistake is.
        lines = [line for line in traceback.format_exc().split("\n") if line.startswith("  File \"mistakes-are-named.py")]
        print("  at", source[int(lines[-1].split("line ")[1].split(",")[0]) - 1].strip())


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = QuantStub()
        self.conv = nn.Conv2d(3, 4, 1)
        self.dequant = DeQuantStub()

    def forward(self, x):
        return self.dequant(self.conv(self.quant(x)))


attempt("no march", lambda: prepare_qat_fx(Net(), {"": qconfig}))
set_march(March.BAYES)
attempt("unknown march", lambda: set_march("bayes2"))
attempt("unknown key", lambda: prepare_qat_fx(Net(), {"default": qconfig}))
attempt("no dict", lambda: prepare_qat_fx(Net(), [qconfig]))
attempt("no qconfig", lambda: prepare_qat_fx(Net(), {"": 8}))

model = prepare_qat_fx(Net(), {"": qconfig, "module_name": {"cnv": None}})
model.train()
attempt("calibrating while training", lambda: set_fake_quantize(model, FakeQuantState.CALIBRATION))
model.eval()
attempt("training while evaluating", lambda: set_fake_quantize(model, FakeQuantState.QAT))
set_fake_quantize(model, FakeQuantState.CALIBRATION)
attempt("twice without eval", lambda: set_fake_quantize(model, FakeQuantState.CALIBRATION))
attempt("not a state", lambda: set_fake_quantize(model, "QAT"))
attempt("not a graph module", lambda: convert_fx(Net()))
attempt("unknown observer", lambda: get_default_qconfig(activation_observer="average"))
attempt("both names", lambda: QConfig(activation=1, output=2))


class Branches(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


class Loops(nn.Module):
    def forward(self, x):
        for row in x:
            x = x + row
        return x


class Reused(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = QuantStub()
        self.ff = FloatFunctional()

    def forward(self, x):
        x = self.quant(x)
        return self.ff.add(self.ff.add(x, x), x)


attempt("control flow", lambda: prepare_qat_fx(Branches(), {"": qconfig}))
attempt("iteration", lambda: prepare_qat_fx(Loops(), {"": qconfig}))
attempt("reused FloatFunctional", lambda: prepare_qat_fx(Reused(), {"": qconfig}))



class Soft(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = QuantStub()
        self.soft = nn.Softmax(1)
        self.dequant = DeQuantStub()

    def forward(self, x):
        x = self.quant(x)
        x = self.soft(x)
        return self.dequant(torch.cumsum(x, 1))


def deploy(model):
    traced = torch.jit.trace(convert_fx(prepare_qat_fx(model, {"": qconfig}).eval()), torch.rand(1, 3, 2, 2))
    print("check_model:", check_model(traced, [torch.rand(1, 3, 2, 2)]))
    compile_model(traced, [torch.rand(1, 3, 2, 2)], hbm="never.hbm")


attempt("unsupported operation", lambda: deploy(Soft()))

set_march(March.BERNOULLI2)
attempt("int16 on BERNOULLI2", lambda: prepare_qat_fx(Net(), {"": qconfig16}))


class NoStub(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        return self.conv(x)


set_march(March.BAYES)
model = prepare_qat_fx(NoStub(), {"": qconfig}).eval()
quantized = convert_fx(model)
attempt("no QuantStub", lambda: quantized(torch.rand(1, 3, 2, 2)))
