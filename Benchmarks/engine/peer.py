"""The same work in PyTorch (channels_last) and ONNX Runtime, one step per line read: the benchmark's other side.

python3 peer.py THREADS NETWORK BATCH (a network's name in torchvision.models) answers `train`, `eval` and `onnx` with milliseconds, `memory` with the process's peak in MB. Its first line tells
what is installed and the numbers the benchmark checks before it times anything.
"""

import io
import json
import resource
import sys
import time
import warnings

import torch
import torchvision

warnings.filterwarnings("ignore")


def onnx_session(model, image, threads):
    """An ONNX Runtime session of the model in evaluation mode, or None where the packages are missing."""
    try:
        import onnx  # noqa: F401
        import onnxruntime
    except ImportError:
        return None
    buffer = io.BytesIO()
    torch.onnx.export(model, (image,), buffer, input_names=["image"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(buffer.getvalue(), options, providers=["CPUExecutionProvider"])


class Work:
    def __init__(self, threads, network, batch):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        self.model = getattr(torchvision.models, network)(num_classes=10)
        image = torch.randn(batch, 3, 32, 32)
        self.labels = torch.randint(0, 10, (batch,))
        self.model.eval()
        self.session = onnx_session(self.model, image, threads)
        self.array = image.numpy()
        self.model.to(memory_format=torch.channels_last)
        self.image = image.contiguous(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.model.parameters(), 1e-3)
        self.loss = torch.nn.CrossEntropyLoss()

    def train(self):
        self.model.train()
        self.optimizer.zero_grad()
        value = self.loss(self.model(self.image), self.labels)
        value.backward()
        self.optimizer.step()
        return value.item()

    def eval(self):
        self.model.eval()
        with torch.inference_mode():
            return self.model(self.image).abs().sum().item()

    def onnx(self):
        return float(abs(self.session.run(None, {"image": self.array})[0]).sum())


def main():
    work = Work(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    facts = {"torch": torch.__version__, "evaluation": work.eval()}
    if work.session is not None:
        import onnxruntime

        facts["onnxruntime"] = onnxruntime.__version__
        facts["onnx"] = work.onnx()
    facts["loss"] = work.train()
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        command = line.strip()
        if command == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
            continue
        start = time.perf_counter()
        getattr(work, command)()
        print((time.perf_counter() - start) * 1e3, flush=True)


if __name__ == "__main__":
    main()
