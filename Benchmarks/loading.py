#!/usr/bin/env python3
"""Runs Benchmarks/loader.py in turn with qnb and with PyTorch, so that both meet the same load, and prints the ratios.

    python3 Benchmarks/loading.py --qnb .build/release/qnb --python PYTHON-WITH-TORCH

Fails when the first batches differ, when the loader is not five times as fast as PyTorch's with two workers, or when an epoch costs more than
1.05 of its steps. Without PyTorch only the epoch is measured. `QNB_DATA` chooses CIFAR-10's images.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "loader.py")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")
    return done.stdout


def peak(command):
    """The most memory a command held, in megabytes."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def found(pattern, text):
    return re.search(pattern, text).group(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--qnb", default=".build/release/qnb")
    parser.add_argument("--python", default="python3", help="an interpreter that has torch and torchvision")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    peer = subprocess.run([options.python, "-c", "import torchvision"], capture_output=True).returncode == 0
    ours, theirs, epochs, failures = [], [], [], []
    for _ in range(options.rounds):
        text = run([options.qnb, "run", PROGRAM, "8", "epoch"])
        ours.append(int(found(r"(\d+) images/s", text)))
        epochs.append(float(found(r"ratio ([0-9.]+)", text)))
        if peer:
            other = run([options.python, "-W", "ignore", PROGRAM, "2"])
            theirs.append(int(found(r"(\d+) images/s", other)))
    print(f"loader: {statistics.median(ours)} images/s; an epoch costs {statistics.median(epochs):.3f} of its steps (required: 1.05)")
    if statistics.median(epochs) > 1.05:
        failures.append("the loader holds up training")
    if "QNB_DATA" in os.environ:
        print(f"memory over CIFAR-10: {peak([options.qnb, 'run', PROGRAM]):.0f} MB at most, of which 154 MB are images")
    if peer:
        ratio = statistics.median(a / b for a, b in zip(ours, theirs))
        print(f"PyTorch with 2 workers: {statistics.median(theirs)} images/s; ratio {ratio:.2f} (required: 5)")
        # The first batch is the first worker's, however many there are.
        if found(r"first batch (\w+)", other) != found(r"first batch (\w+)", text):
            failures.append("the first batches differ")
        if ratio < 5:
            failures.append("less than five times PyTorch's throughput")
    sys.exit("; ".join(failures) or 0)


if __name__ == "__main__":
    main()
