#!/usr/bin/env python3
"""Measures notebooks against their required times: python3 Benchmarks/notebooks.py [--qnb PATH]

Each line runs a notebook that is made for it and looks at what came out before its time counts. Times are medians of whole
processes, start-up and durable writes included; they hold for a machine with two cores and a local disk.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Failed(Exception):
    """A measurement whose result is not what it must be; the text says why."""


def cells(count, body="print({i} * 2)"):
    return "\n".join("Prose {i}.\n\n```python\n{body}\n```\n".format(i=i, body=body.format(i=i)) for i in range(count))


def measure(qnb, folder, text, command, repeats, check, prepare=None):
    """The median seconds of a command over a fresh copy of a notebook."""
    path = os.path.join(folder, "n.qnb")
    times = []
    for _ in range(repeats):
        with open(path, "w") as file:
            file.write(text)
        if prepare:
            prepare(path)
        start = time.perf_counter()
        done = subprocess.run([qnb] + command + [path], capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        with open(path) as file:
            check(done, file.read())
    return statistics.median(times)


def expect(condition, what, done):
    if not condition:
        raise Failed(what + "\n" + done.stdout + done.stderr)


def outputs(count):
    def check(done, text):
        expect(done.returncode == 0 and text.count("<!-- qnb:end") == count, f"not {count} outputs", done)
    return check


def fresh(done, text):
    expect(done.returncode == 0 and not done.stdout, "a fresh notebook is stale", done)


def runs(qnb):
    """Name, required milliseconds, and how to measure."""
    run = ["run", "--quiet"]

    def ran(path):
        subprocess.run([qnb] + run + [path], check=True)

    yield "1 cell, cold, written back durably", 20, lambda folder: measure(qnb, folder, cells(1), run, 40, outputs(1))
    yield "200 cells, each written durably", 150, lambda folder: measure(qnb, folder, cells(200), run, 10, outputs(200))
    yield "stale, 200 cells", 10, lambda folder: measure(qnb, folder, cells(200), ["stale"], 20, fresh, ran)
    yield "run again, 200 cells, nothing changed", 60, lambda folder: measure(qnb, folder, cells(200), run, 10, outputs(200), ran)


def linearity(qnb, folder):
    """Seconds per cell at 10,000 cells over those at 1,000."""
    small = measure(qnb, folder, cells(1000), ["run", "--quiet"], 3, outputs(1000)) / 1000
    large = measure(qnb, folder, cells(10000), ["run", "--quiet"], 1, outputs(10000)) / 10000
    return small, large


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--qnb", default=os.path.join(HERE, "../.build/release/qnb"))
    options = parser.parse_args()
    qnb = os.path.abspath(options.qnb)
    folder = tempfile.mkdtemp(prefix="qnb-bench-", dir=os.path.join(HERE, ".."))
    failures = 0
    try:
        for name, required, work in runs(qnb):
            milliseconds = work(folder) * 1000
            failures += milliseconds > required
            print(f"{name:<40}{milliseconds:9.1f} ms   required {required:4d} ms   {'ok' if milliseconds <= required else 'TOO SLOW'}")
        small, large = linearity(qnb, folder)
        failures += large > 2 * small
        print(f"{'10,000 cells, per cell':<40}{large * 1e6:9.0f} µs   1,000 cells: {small * 1e6:.0f} µs   {'ok' if large <= 2 * small else 'NOT LINEAR'}")
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder)
    return 1 if failures else 0


sys.exit(main())
