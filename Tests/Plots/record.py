#!/usr/bin/env python3
"""Records the expectations of this folder.

    record.py matplotlib       ticks.out, with a Python that has Matplotlib
    record.py golden QNB       NAME.svg for every program that prints a picture, with the binary QNB; look at them before committing
"""

import pathlib
import subprocess
import sys

folder = pathlib.Path(__file__).parent


def output(command, name):
    done = subprocess.run([*command, f"{name}.py"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name}.py:\n{done.stderr}")
    return done.stdout


if sys.argv[1:2] == ["matplotlib"]:
    (folder / "ticks.out").write_text(output([sys.executable], "ticks"))
elif sys.argv[1:2] == ["golden"] and len(sys.argv) == 3:
    for program in sorted(folder.glob("*.py")):
        if "golden" in program.read_text().split("\n", 1)[0]:
            (folder / f"{program.stem}.svg").write_text(output([sys.argv[2], "run"], program.stem))
            print(program.stem)
else:
    sys.exit(__doc__)
