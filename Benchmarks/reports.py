#!/usr/bin/env python3
"""Measures reports against their required times and sizes: python3 Benchmarks/reports.py [--qnb PATH]

Notebooks are run before, so nothing but the rendering is measured. Each page is looked at before its time counts.
Times are medians of whole processes, start-up and reading the assets included; they hold for a machine with two cores.
"""

import argparse
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


class Failed(Exception):
    """A page that is not what it must be; the text says why."""


def png(seed, size):
    """A PNG of about `size` bytes whose pixels do not compress."""
    width = 100
    height = size // (width * 3)
    generator = random.Random(seed)
    rows = b"".join(b"\0" + generator.randbytes(width * 3) for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def cell(i, image=None):
    code = f"metrics = {{'loss': 1 / ({i} + 1), 'accuracy': {i} / 200}}\nfor name, value in metrics.items():\n    print(name, f\"{{value:.4f}}\")"
    options = ""
    if image:
        options = f"#| fig-alt: Plot {i}\n"
        code = f"from IPython.display import Image\nstep, rate = {i}, 0.01\nImage(filename='{image}')"
    return f"## Step {i}\n\nWhat step *{i}* does, in a `line` or two of prose.\n\n```python\n{options}{code}\n```\n"


def write(qnb, folder, cells, images=0, size=0):
    for k in range(images):
        with open(os.path.join(folder, f"plot-{k}.png"), "wb") as file:
            file.write(png(k, size))
    step = max(cells // images, 1) if images else 0
    with open(os.path.join(folder, "n.qnb"), "w") as file:
        for i in range(cells):
            is_image = images and i % step == 0 and i // step < images
            file.write(cell(i, f"plot-{i // step}.png" if is_image else None) + "\n")
    subprocess.run([qnb, "run", "--quiet", os.path.join(folder, "n.qnb")], check=True)


def measure(qnb, folder, repeats, cells, images):
    """The median seconds of rendering the folder's notebook, and the page's bytes."""
    path = os.path.join(folder, "n.qnb")
    page = os.path.join(folder, "n.html")
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        done = subprocess.run([qnb, "render", path], capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        with open(page, encoding="utf-8") as file:
            text = file.read()
        if done.returncode or text.count('class="cell"') != cells or text.count("data:image/png;base64,") != images:
            raise Failed(f"not {cells} cells and {images} images\n" + done.stdout + done.stderr)
    return statistics.median(times), os.path.getsize(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--qnb", default=os.path.join(HERE, "../.build/release/qnb"))
    options = parser.parse_args()
    qnb = os.path.abspath(options.qnb)
    folder = tempfile.mkdtemp(prefix="qnb-bench-", dir=os.path.join(HERE, ".."))
    failures = 0

    def line(name, value, unit, required, digits=1):
        nonlocal failures
        failures += value > required
        print(f"{name:<40}{value:9.{digits}f} {unit:<3}  required {required:6g} {unit}   {'ok' if value <= required else 'MISSED'}")

    try:
        write(qnb, folder, 0)
        _, size = measure(qnb, folder, 1, 0, 0)
        line("an empty report", size / 1024, "KiB", 25)
        write(qnb, folder, 200, images=20, size=35_000)
        seconds, size = measure(qnb, folder, 15, 200, 20)
        line("200 cells, 20 PNGs of 35 kB", seconds * 1000, "ms", 60)
        line("its size", size / 1e6, "MB", 1.10, digits=3)
        write(qnb, folder, 1000)
        small, _ = measure(qnb, folder, 5, 1000, 0)
        write(qnb, folder, 5000)
        large, _ = measure(qnb, folder, 3, 5000, 0)
        line("5,000 cells over 5 times 1,000", large / (5 * small) * 100, "%", 130)
        print(f"{'':<40}{large * 1000:9.1f} ms   1,000 cells: {small * 1000:.1f} ms")
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
