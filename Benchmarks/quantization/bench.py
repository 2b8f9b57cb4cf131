"""Quantization-aware training, calibration and int8 inference of MobileNetV2 (10 classes, 32x32) against their required ratios.

python3 bench.py --qnb PATH [--python PYTHON] [--weights CHECKPOINT] [--rounds N] [--cpu] [--check]

Both sides do the same work from the same weights, taking turns round by round; results are checked before anything is timed. Before each turn the
threads of the one before, which wait for more work without sleeping, get time to sleep; inference runs once before it is timed. PYTHON is an
interpreter with torch and torchvision (and onnx, onnxruntime); without it only our own ratios are shown. CHECKPOINT has the float weights of a trained
net, as the quick start saves them; without it a few steps are trained. `--cpu` measures processor time on one
thread, for machines that are not quiet. `--check` fails on a missed ratio.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Work of our side and how often it is repeated in a round.
OURS = {"float step": 1, "qat step": 1, "evaluation": 2, "calibration": 2, "int8 batch 256": 4, "int8 batch 1": 100}
# Seconds after which the threads of ONNX Runtime and PyTorch have gone to sleep.
PAUSE = 0.1
PEERS = ["PyTorch int8", "ONNX Runtime int8", "ONNX Runtime float"]
# What is measured, against what, and the largest ratio allowed.
LIMITS = [
    ("qat step", "float step", 1.5),
    ("calibration", "evaluation", 2.0),
    ("qat step", "PyTorch FX qat step", 0.4),
    ("int8 batch 256", "best peer batch 256", 0.5),
    ("int8 batch 1", "best peer batch 1", 0.5),
]


class Side:
    """A process that answers requests with milliseconds."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.facts = json.loads(line) if line else None

    def turn(self, work, repeats):
        """Milliseconds of one of `repeats`, with nothing of the other side beside it."""
        time.sleep(PAUSE)
        if work.endswith(("batch 256", "batch 1")):
            self.ask(work, 1)
        return self.ask(work, repeats)

    def ask(self, work, repeats):
        self.process.stdin.write(f"{work} x{repeats}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(" ".join(self.arguments) + f" ended at '{work}'")
        return float(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def machine():
    """The processor's name and the vector instructions that matter here."""
    name, flags = "unknown processor", set()
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key.strip() == "model name":
                    name = value.strip()
                elif key.strip() == "flags":
                    flags = set(value.split())
                    break
    except OSError:
        pass
    found = [flag for flag in ("avx2", "avx512bw", "avx512_vnni", "avx_vnni") if flag in flags]
    return f"{name}, {os.cpu_count()} processors, {' '.join(found)}"


def check(ours, peer):
    """Figures that must hold before times mean anything."""
    problems = []
    if ours["int8 error"] > 0.15:
        problems.append(f"our int8 logits are off by {ours['int8 error']:.3f} of their norm")
    if abs(ours["qat loss"] - ours["float loss"]) > 0.25 * ours["float loss"]:
        problems.append(f"our losses are {ours['float loss']:.4f} in float, {ours['qat loss']:.4f} with simulated quantization")
    if peer:
        if abs(peer["logits"] - ours["logits"]) > 1e-3 * peer["logits"]:
            problems.append(f"the float logits differ: {ours['logits']} ours, {peer['logits']} the peer's")
        if abs(peer["qat loss"] - ours["qat loss"]) > 0.25 * peer["qat loss"]:
            problems.append(f"the quantised losses differ: {ours['qat loss']} ours, {peer['qat loss']} the peer's")
    if problems:
        sys.exit("results do not agree: " + "; ".join(problems))


def measure(arguments, checkpoint, threads):
    settings = [checkpoint, str(threads), "process_time" if arguments.cpu else "perf_counter"]
    ours = Side([arguments.qnb, "run", os.path.join(HERE, "work.py"), *settings, *([arguments.weights] if arguments.weights else [])])
    if ours.facts is None:
        sys.exit(" ".join(ours.arguments) + " did not start")
    peer = Side([arguments.python, os.path.join(HERE, "peer.py"), *settings]) if arguments.python else None
    if peer and peer.facts is None:
        print("no peer: give --python an interpreter with torch and torchvision (and onnx, onnxruntime) to compare")
        peer = None
    check(ours.facts, peer and peer.facts)
    print("results agree; relative error of int8 logits: ours %.3f" % ours.facts["int8 error"], end="")
    print("".join(", %s %.3f" % pair for pair in peer.facts["int8 errors"].items() if "float" not in pair[0]) if peer else "")
    times = {}

    def add(name, value):
        times.setdefault(name, []).append(value)

    for _ in range(arguments.rounds):
        for work, repeats in OURS.items():
            add(work, ours.turn(work, repeats))
            if peer and work == "qat step":
                add("PyTorch FX qat step", peer.turn("qat step", 1))
            if peer and work.startswith("int8"):
                batch = work.split(" ", 1)[1]
                for who in peer.facts["int8 errors"]:
                    add(f"{who} {batch}", peer.turn(f"{who} {batch}", repeats))
    for side in (ours, peer):
        if side:
            side.end()
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qnb", default=".build/release/qnb")
    parser.add_argument("--python")
    parser.add_argument("--weights")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    threads = 1 if arguments.cpu else os.cpu_count() or 1
    measured = "processor time" if arguments.cpu else "wall time"
    print(f"{machine()}\nMobileNetV2, 10 classes, 32x32, {threads} threads, {measured}, medians of {arguments.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        medians = measure(arguments, os.path.join(folder, "model.ckpt"), threads)
    for batch in ("batch 256", "batch 1"):
        found = [medians[f"{who} {batch}"] for who in PEERS if f"{who} {batch}" in medians]
        if found:
            medians["best peer " + batch] = min(found)
    for name, value in medians.items():
        print(f"{name:32} {value:10.3f} ms")
    missed = 0
    for work, reference, limit in LIMITS:
        if reference in medians:
            ratio = medians[work] / medians[reference]
            missed += ratio > limit
            print(f"{work:16} / {reference:22} {ratio:6.2f}  (at most {limit}){'' if ratio <= limit else '  MISSED'}")
    sys.exit(1 if arguments.check and missed else 0)


if __name__ == "__main__":
    main()
