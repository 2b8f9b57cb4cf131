#!/usr/bin/env python3
"""Judges a build: python3 Tests/Torch/compare.py [--binary PATH] [NAME ...] prints what differs from PyTorch's recorded output."""

import difflib
import os
import sys

import record


def main():
    arguments = sys.argv[1:]
    binary = os.path.join(record.FOLDER, "..", "..", ".build", "debug", "qnb")
    if "--binary" in arguments:
        place = arguments.index("--binary")
        binary = os.path.abspath(arguments[place + 1])
        del arguments[place:place + 2]
    failed = 0
    for name in record.programs(arguments):
        output, error, code = record.run([binary, "run"], name)
        expected = open(os.path.join(record.FOLDER, name + ".out"), encoding="utf-8").read()
        if output != expected or code != 0:
            failed += 1
            print("\n".join(difflib.unified_diff(expected.split("\n"), output.split("\n"), name + " (PyTorch)", name, lineterm="", n=1)))
            if error:
                print(error)
    print(f"{len(record.programs(arguments)) - failed} of {len(record.programs(arguments))} programs agree")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
