"""Trace, check, compile (O3) and performance estimate of the documented model, and the simulation of one frame, against their required seconds.

qnb run deployment.py [--check]
"""

import contextlib
import io
import os
import sys
import tempfile
import time

import torch
from horizon import runtime
from torch.quantization import DeQuantStub
from torchvision.models.mobilenetv2 import MobileNetV2

from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import (
    FakeQuantState,
    QuantStub,
    check_model,
    compile_model,
    convert_fx,
    perf_model,
    prepare_qat_fx,
    set_fake_quantize,
)
from horizon_plugin_pytorch.quantization.qconfig import (
    default_calib_8bit_fake_quant_qconfig,
    default_calib_8bit_weight_32bit_out_fake_quant_qconfig,
)


class FxQATReadyMobileNetV2(MobileNetV2):
    def __init__(self):
        super().__init__(10)
        self.quant = QuantStub(scale=1 / 128)
        self.dequant = DeQuantStub()

    def forward(self, x):
        return self.dequant(super().forward(self.quant(x)))


def quantized_model():
    torch.manual_seed(0)
    set_march(March.BAYES)
    configuration = {
        "": default_calib_8bit_fake_quant_qconfig,
        "module_name": {"classifier": default_calib_8bit_weight_32bit_out_fake_quant_qconfig},
    }
    model = prepare_qat_fx(FxQATReadyMobileNetV2().eval(), configuration).eval()
    set_fake_quantize(model, FakeQuantState.CALIBRATION)
    with torch.no_grad():
        model(torch.randint(-128, 128, (32, 3, 32, 32)).float() / 128)
    return convert_fx(model)


def deploy(model, image, folder):
    """Seconds of each step, what they print kept back."""
    times = {}
    traced = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for name, step in [
            ("trace", lambda: torch.jit.trace(model, image)),
            ("check", lambda: check_model(traced, [image], input_source="pyramid")),
            ("compile", lambda: compile_model(traced, [image], os.path.join(folder, "model.hbm"), input_source="pyramid", opt="O3")),
            ("perf", lambda: perf_model(traced, [image], out_dir=folder, input_source="pyramid", opt="O3", layer_details=True)),
        ]:
            start = time.perf_counter()
            result = step()
            times[name] = time.perf_counter() - start
            if name == "trace":
                traced = result
    assert printed.getvalue().count("SUCCESS") == 4 and "HBDK model check PASS" in printed.getvalue(), printed.getvalue()
    return times


def simulate(model, folder):
    """Seconds of one frame, whose logits must be the quantized model's."""
    image = torch.randint(-128, 128, (1, 3, 32, 32)).float() / 128
    with contextlib.redirect_stdout(io.StringIO()):
        compile_model(torch.jit.trace(model, image), [image], os.path.join(folder, "one.hbm"), opt="O3")
    program = runtime.load(os.path.join(folder, "one.hbm"))
    start = time.perf_counter()
    logits = program(image)
    seconds = time.perf_counter() - start
    with torch.no_grad():
        assert torch.equal(logits, model(image)), "the program's logits are not the model's"
    return seconds


def main():
    model = quantized_model()
    image = torch.randint(-128, 128, (256, 3, 32, 32)).float() / 128
    with tempfile.TemporaryDirectory() as folder:
        times = deploy(model, image, folder)
        frame = simulate(model, folder)
    for name, seconds in times.items():
        print("{:24} {:8.3f} s".format(name, seconds))
    total = sum(times.values())
    missed = False
    for name, seconds, limit in [("trace to perf", total, 2.0), ("simulation of a frame", frame, 1.0)]:
        missed = missed or seconds > limit
        print("{:24} {:8.3f} s  (at most {} s){}".format(name, seconds, limit, "" if seconds <= limit else "  MISSED"))
    sys.exit(1 if missed and "--check" in sys.argv else 0)


main()
