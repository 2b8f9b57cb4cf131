#!/usr/bin/env python3
"""Records what PyTorch prints for each program of this folder, in NAME.out beside NAME.py.

    python Tests/Torch/record.py [NAME ...]            (a Python with torch installed)

Exits with 1 when an expectation was written or changed, so that a recording is always a decision.
"""

import os
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
TOOLS = ("record", "compare")


def programs(names):
    found = sorted(file[:-3] for file in os.listdir(FOLDER) if file.endswith(".py") and file[:-3] not in TOOLS)
    return [name for name in found if not names or name in names]


def run(command, name):
    environment = dict(os.environ, OMP_NUM_THREADS="1", PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    result = subprocess.run(command + [name + ".py"], cwd=FOLDER, capture_output=True, text=True, env=environment, timeout=300)
    return result.stdout, result.stderr, result.returncode


def main():
    changed = False
    for name in programs(sys.argv[1:]):
        output, error, code = run([sys.executable], name)
        if code != 0:
            sys.exit(f"{name} failed under PyTorch:\n{error}")
        path = os.path.join(FOLDER, name + ".out")
        old = open(path, encoding="utf-8").read() if os.path.exists(path) else None
        if old != output:
            changed = True
            print(("new      " if old is None else "changed  ") + name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(output)
    sys.exit(1 if changed else 0)


if __name__ == "__main__":
    main()
