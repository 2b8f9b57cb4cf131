#!/usr/bin/env python3
"""Writes what torch, torchvision and Pillow print for every program here into NAME.out.

Run it with a Python that has torch 2.15, torchvision 0.29 and Pillow 13.
"""

import pathlib
import subprocess
import sys

import PIL

folder = pathlib.Path(__file__).parent
if not PIL.__version__.startswith("13."):
    sys.exit(f"Pillow 13 is required, this is {PIL.__version__}")
for program in sorted(folder.glob("*.py")):
    if program.name == "record.py" or (sys.argv[1:] and program.stem not in sys.argv[1:]):
        continue
    done = subprocess.run([sys.executable, "-W", "ignore", program.name], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program.name}:\n{done.stderr}")
    program.with_suffix(".out").write_text(done.stdout)
    print(program.name, len(done.stdout.splitlines()), "lines")
