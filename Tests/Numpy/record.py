#!/usr/bin/env python3
"""Writes what NumPy itself prints for every program here into NAME.out. Run it with a Python that has NumPy 2.4."""

import pathlib
import subprocess
import sys

import numpy

folder = pathlib.Path(__file__).parent
if not numpy.__version__.startswith("2.4"):
    sys.exit(f"NumPy 2.4 is required, this is {numpy.__version__}")
for program in sorted(folder.glob("*.py")):
    if program.name == "record.py":
        continue
    done = subprocess.run([sys.executable, "-W", "ignore", program.name], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program.name}:\n{done.stderr}")
    program.with_suffix(".out").write_text(done.stdout)
    print(program.name, len(done.stdout.splitlines()), "lines")
