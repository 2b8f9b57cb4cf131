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
from mobilenet import FxQATReadyMobileNetV2, images, prepared

from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, check_model, compile_model, convert_fx, perf_model, set_fake_quantize


def quantized_model():
    torch.manual_seed(0)
    set_march(March.BAYES)
    model = prepared(FxQATReadyMobileNetV2().eval(), calibrates=True).eval()
    set_fake_quantize(model, FakeQuantState.CALIBRATION)
    with torch.no_grad():
        model(images(32))
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
    image = images(1)
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
    image = images(256)
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
