"""The quantised work of the benchmark in our language: answers each line of standard input with milliseconds.

qnb run work.py CHECKPOINT THREADS CLOCK [WEIGHTS] writes the model's weights to CHECKPOINT for the peer: those of WEIGHTS, or such as twelve steps of
training make. Its first line holds, as JSON, the figures that must agree with the peer's before anything is timed. CLOCK is a function of `time`.
"""

import copy
import json
import sys
import time

import torch
import torch.nn as nn
from mobilenet import FxQATReadyMobileNetV2, images, prepared

from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, convert_fx, set_fake_quantize


class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
        self.loss = nn.CrossEntropyLoss()

    def step(self, image, labels):
        self.optimizer.zero_grad()
        value = self.loss(self.model(image), labels)
        value.backward()
        self.optimizer.step()
        return value.item()


class Work:
    def __init__(self, checkpoint, clock, weights):
        self.clock = clock
        torch.manual_seed(0)
        set_march(March.BAYES)
        self.image = images(256)
        self.labels = torch.randint(0, 10, (256,))
        self.one = self.image[:1]
        model = FxQATReadyMobileNetV2()
        if weights:
            model.load_state_dict(torch.load(weights))
        else:
            trainer = Trainer(model)
            # Running statistics of the data, so that folding and calibration work with sane numbers.
            for _ in range(12):
                trainer.step(self.image, self.labels)
        torch.save(model.state_dict(), checkpoint)

        self.evaluated = copy.deepcopy(model).eval()
        self.calibrated = prepared(model, calibrates=True)
        self.calibrated.eval()
        set_fake_quantize(self.calibrated, FakeQuantState.CALIBRATION)
        with torch.no_grad():
            self.calibrated(self.image)
        qat = prepared(model, calibrates=False)
        qat.load_state_dict(self.calibrated.state_dict())
        self.quantized = convert_fx(self.calibrated)
        qat.train()
        set_fake_quantize(qat, FakeQuantState.QAT)
        self.qat_trainer = Trainer(qat)
        self.float_trainer = Trainer(copy.deepcopy(model).train())

    def logits(self, model, image):
        with torch.no_grad():
            return model(image)

    def facts(self):
        """Losses are those of evaluation: folded normalisation knows running statistics only, so losses in training could not be compared."""
        expected = self.logits(self.evaluated, self.image)
        integers = self.logits(self.quantized, self.image)
        error = (integers - expected).norm() / expected.norm()
        loss = nn.CrossEntropyLoss()
        qat = self.qat_trainer.model
        qat.eval()
        set_fake_quantize(qat, FakeQuantState.VALIDATION)
        simulated = self.logits(qat, self.image)
        qat.train()
        return {
            "logits": expected.abs().sum().item(),
            "int8 error": error.item(),
            "float loss": loss(expected, self.labels).item(),
            "qat loss": loss(simulated, self.labels).item(),
        }

    def run(self, command):
        if command == "float step":
            self.float_trainer.step(self.image, self.labels)
        elif command == "qat step":
            self.qat_trainer.step(self.image, self.labels)
        elif command == "evaluation":
            self.logits(self.evaluated, self.image)
        elif command == "int8 batch 256":
            self.logits(self.quantized, self.image)
        elif command == "int8 batch 1":
            self.logits(self.quantized, self.one)
        else:
            raise ValueError("unknown work: " + command)

    def timed(self, command, repeats):
        if command == "calibration":
            self.calibrated.eval()
            set_fake_quantize(self.calibrated, FakeQuantState.CALIBRATION)
            start = self.clock()
            for _ in range(repeats):
                self.logits(self.calibrated, self.image)
        else:
            # A process-wide switch: calibration turned it off.
            if command == "qat step":
                set_fake_quantize(self.qat_trainer.model, FakeQuantState.QAT)
            start = self.clock()
            for _ in range(repeats):
                self.run(command)
        return (self.clock() - start) * 1e3 / repeats


def main():
    torch.set_num_threads(int(sys.argv[2]))
    work = Work(sys.argv[1], getattr(time, sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
    print(json.dumps(work.facts()), flush=True)
    for line in sys.stdin:
        command, repeats = line.strip().rsplit(" x", 1)
        print(work.timed(command, int(repeats)), flush=True)


main()
