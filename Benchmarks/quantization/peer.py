"""The same quantised work in PyTorch (FX, channels_last, x86) and ONNX Runtime: answers each line of standard input with milliseconds.

python3 peer.py CHECKPOINT THREADS CLOCK. CHECKPOINT holds the weights our side wrote; its first line is JSON as work.py's.
"""

import copy
import io
import json
import os
import sys
import tempfile
import time
import warnings

import numpy as np
import torch
import torchvision
from torch.ao.quantization import get_default_qat_qconfig_mapping, get_default_qconfig_mapping
from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx, prepare_qat_fx

warnings.filterwarnings("ignore")


def onnx_sessions(model, image, threads, folder):
    """ONNX Runtime sessions of the float model and of its statically quantised form (8-bit activations, per-channel weights)."""
    try:
        import onnx  # noqa: F401
        import onnxruntime as ort
        from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    except ImportError:
        return {}
    path, quantized = os.path.join(folder, "float.onnx"), os.path.join(folder, "int8.onnx")
    buffer = io.BytesIO()
    axes = {"image": {0: "batch"}, "logits": {0: "batch"}}
    torch.onnx.export(model, (image[:2],), buffer, input_names=["image"], output_names=["logits"], dynamic_axes=axes, dynamo=False)
    with open(path, "wb") as file:
        file.write(buffer.getvalue())

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.batches = iter([{"image": image.numpy()}])

        def get_next(self):
            return next(self.batches, None)

    quantize_static(
        path, quantized, Reader(), quant_format=QuantFormat.QDQ, per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    make = lambda file: ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return {"ONNX Runtime float": make(path), "ONNX Runtime int8": make(quantized)}


class Work:
    def __init__(self, checkpoint, threads, folder, clock=time.perf_counter):
        self.clock = clock
        torch.set_num_threads(threads)
        torch.backends.quantized.engine = "x86"
        torch.manual_seed(0)
        plain = torch.randint(-128, 128, (256, 3, 32, 32)).float() / 128
        self.labels = torch.randint(0, 10, (256,))
        model = torchvision.models.mobilenet_v2(num_classes=10)
        model.load_state_dict(torch.load(checkpoint), strict=False)
        model.eval()
        self.sessions = onnx_sessions(copy.deepcopy(model), plain, threads, folder)
        self.arrays = {"256": plain.numpy(), "1": plain[:1].numpy()}
        self.image = plain.contiguous(memory_format=torch.channels_last)
        self.images = {"256": self.image, "1": plain[:1].contiguous(memory_format=torch.channels_last)}
        self.float_model = copy.deepcopy(model).to(memory_format=torch.channels_last)
        self.loss = torch.nn.CrossEntropyLoss()
        observed = prepare_fx(copy.deepcopy(model), get_default_qconfig_mapping("x86"), (self.image,))
        with torch.no_grad():
            observed(self.image)
        self.quantized = convert_fx(observed)
        self.qat = prepare_qat_fx(copy.deepcopy(model).train(), get_default_qat_qconfig_mapping("x86"), (self.image,)).to(memory_format=torch.channels_last)
        self.qat.train()
        self.optimizer = torch.optim.Adam(self.qat.parameters(), lr=1e-3, weight_decay=1e-4)

    def qat_step(self):
        self.optimizer.zero_grad()
        value = self.loss(self.qat(self.image), self.labels)
        value.backward()
        self.optimizer.step()
        return value.item()

    def simulated_loss(self):
        """The loss of evaluation with simulated quantisation, after one pass that sets the ranges."""
        self.qat.eval()
        with torch.no_grad():
            self.qat(self.image)
            value = self.loss(self.qat(self.image), self.labels).item()
        self.qat.train()
        return value

    def infer(self, who, batch):
        if who == "PyTorch int8":
            with torch.inference_mode():
                return self.quantized(self.images[batch]).numpy()
        return self.sessions[who].run(None, {"image": self.arrays[batch]})[0]

    def facts(self):
        with torch.inference_mode():
            expected = self.float_model(self.image).numpy()
        error = lambda who: float(np.linalg.norm(self.infer(who, "256") - expected) / np.linalg.norm(expected))
        return {
            "torch": torch.__version__,
            "logits": float(np.abs(expected).sum()),
            "int8 errors": {who: error(who) for who in ["PyTorch int8", *self.sessions]},
            "qat loss": self.simulated_loss(),
        }

    def timed(self, command, repeats):
        who, _, batch = command.partition(" batch ")
        body = self.qat_step if command == "qat step" else lambda: self.infer(who, batch)
        start = self.clock()
        for _ in range(repeats):
            body()
        return (self.clock() - start) * 1e3 / repeats


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = Work(sys.argv[1], int(sys.argv[2]), folder, getattr(time, sys.argv[3]))
        print(json.dumps(work.facts()), flush=True)
        for line in sys.stdin:
            command, repeats = line.strip().rsplit(" x", 1)
            print(work.timed(command, int(repeats)), flush=True)


if __name__ == "__main__":
    main()
