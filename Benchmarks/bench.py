#!/usr/bin/env python3
"""Measures the language against CPython: python3 Benchmarks/bench.py [NAME ...] [options]

Every program of Benchmarks/language prints its result and, as its last line, the seconds its own work took. The runs of
the two implementations are interleaved, so that a disturbance of the machine hits both; the medians are compared.
A program whose results differ is reported and never counted as fast.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

PURE, NATIVE = 1.3, 1.0
MEDIAN_REQUIRED = 2.0
STARTUP_REQUIRED = 0.5

# The required speed in multiples of CPython's: PURE where the work is the program's own, NATIVE where CPython does it in C.
REQUIRED = {
    "calls": PURE,
    "loops": PURE,
    "nested_loops": PURE,
    "floats": PURE,
    "nbody": PURE,
    "sieve": PURE,
    "dict": PURE,
    "int_dict": PURE,
    "sets": PURE,
    "methods": PURE,
    "allocation": PURE,
    "strings": NATIVE,
    "fstrings": PURE,
    "comprehensions": PURE,
    "append": PURE,
    "exceptions": PURE,
    "closures": PURE,
    "generators": PURE,
    "string_methods": NATIVE,
    "sort_key": NATIVE,
    "json_round_trip": NATIVE,
    "word_count": NATIVE,
    "regex": NATIVE,
}

HERE = os.path.dirname(os.path.abspath(__file__))
TIME_LIMIT = 60.0


class Failed(Exception):
    """A program that did not end well; the text says how."""


def program(name):
    return os.path.join(HERE, "language", name + ".py")


def run(command, name):
    """(what the program printed except its time, seconds of its own work)"""
    try:
        done = subprocess.run(command + [program(name)], capture_output=True, text=True, timeout=TIME_LIMIT, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failed("no end within %d s" % TIME_LIMIT) from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise Failed("exit %d: %s" % (done.returncode, lines[-1] if lines else "no message"))
    result, _, last = done.stdout.rstrip("\n").rpartition("\n")
    if not last.startswith("time: "):
        raise Failed("the last line is not its time: %r" % last[:60])
    return result, float(last[len("time: "):])


def compare(name, python, qnb, runs):
    """(CPython's median seconds, qnb's median seconds) after checking that every run gave the same result."""
    expected, actual, reference, measured = None, None, [], []
    for _ in range(runs):
        result, seconds = run(python, name)
        if expected is not None and result != expected:
            raise Failed("the reference itself printed two results")
        expected = result
        reference.append(seconds)
        actual, seconds = run(qnb, name)
        if actual != expected:
            raise Failed("a different result\n      expected %s\n      actual   %s" % (expected, actual))
        measured.append(seconds)
    return statistics.median(reference), statistics.median(measured)


def wall(command):
    began = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise Failed("exit %d: %s" % (done.returncode, lines[-1] if lines else "no message"))
    return time.perf_counter() - began


def startup(python, qnb, runs):
    reference, measured = [], []
    for _ in range(runs):
        reference.append(wall(python + ["-c", "pass"]))
        measured.append(wall(qnb + ["-c", "pass"]))
    return statistics.median(reference), statistics.median(measured)


class Paint:
    def __init__(self, on):
        self.on = on

    def __call__(self, code, text):
        return "\x1b[%sm%s\x1b[0m" % (code, text) if self.on else text


HEAD = "%-18s %11s %10s %8s %10s" % ("benchmark", "cpython ms", "qnb ms", "ratio", "required")


def row(name, reference, measured, ratio, required, verdict):
    return "%-18s %11.1f %10.1f %8s %10s  %s" % (name, reference * 1000, measured * 1000, ratio, required, verdict)


def verdict_of(paint, fine):
    return paint("32", "ok") if fine else paint("31;1", "SLOW")


def bench(names, python, qnb, runs, paint):
    """Prints the table; returns the requirements that were missed."""
    missed, ratios = [], []
    print(paint("1", HEAD))
    print("─" * (len(HEAD) + 6))
    for name in names:
        try:
            reference, measured = compare(name, python, qnb, runs)
        except Failed as failure:
            print("%-18s %s %s" % (name, paint("31;1", "FAILED"), failure))
            missed.append(name)
            continue
        ratio = reference / measured
        ratios.append(ratio)
        fine = ratio >= REQUIRED[name]
        if not fine:
            missed.append(name)
        print(row(name, reference, measured, "%.2f×" % ratio, "≥ %.1f×" % REQUIRED[name], verdict_of(paint, fine)), flush=True)
    print("─" * (len(HEAD) + 6))
    if len(ratios) > 1:
        median = statistics.median(ratios)
        fine = median >= MEDIAN_REQUIRED or len(names) < len(REQUIRED)
        if not fine:
            missed.append("median")
        print("%-18s %11s %10s %8s %10s  %s" % ("median", "", "", "%.2f×" % median, "≥ %.1f×" % MEDIAN_REQUIRED, verdict_of(paint, fine)))
    return missed


def bench_startup(python, qnb, paint):
    try:
        reference, measured = startup(python, qnb, 21)
    except Failed as failure:
        print("%-18s %s %s" % ("start-up", paint("31;1", "FAILED"), failure))
        return ["start-up"]
    part = measured / reference
    fine = part <= STARTUP_REQUIRED
    print(row("start-up", reference, measured, "%.0f%%" % (part * 100), "≤ %.0f%%" % (STARTUP_REQUIRED * 100), verdict_of(paint, fine)))
    return [] if fine else ["start-up"]


def instructions(command, name):
    """The instructions valgrind counts for a whole run, a measure that other load on the machine cannot change."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "out")
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + file] + command + [program(name)],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if not found:
            raise Failed(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "valgrind said nothing")
        annotated = subprocess.run(["callgrind_annotate", file], capture_output=True, text=True)
        return int(found.group(1)), annotated.stdout


def callgrind(name, python, qnb):
    try:
        reference, _ = instructions(python, name)
        measured, profile = instructions(qnb, name)
    except FileNotFoundError:
        sys.exit("bench.py: --callgrind needs valgrind (apt-get install valgrind)")
    except Failed as failure:
        sys.exit("bench.py: %s: %s" % (name, failure))
    print("%s: cpython %.0f M instructions, qnb %.0f M, ratio %.2f×" % (name, reference / 1e6, measured / 1e6, reference / measured))
    shown = [line for line in profile.splitlines() if re.match(r"\s*[\d,]+ \(", line)]
    print("\n".join(line[:150] for line in shown[:25]))


def default_binary():
    return os.environ.get("QNB") or os.path.join(os.path.dirname(HERE), ".build", "release", "qnb")


def main():
    parser = argparse.ArgumentParser(description="Measures the language against CPython 3.11.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run (default: all)")
    parser.add_argument("--qnb", default=default_binary(), help="the binary (default: QNB, or .build/release/qnb)")
    parser.add_argument("--python", default="/usr/bin/python3", help="the reference (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=7, help="runs of each program and implementation (default: %(default)s)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a requirement is missed")
    parser.add_argument("--callgrind", metavar="NAME", choices=sorted(REQUIRED), help="count the instructions of one benchmark instead")
    parser.add_argument("--list", action="store_true", help="print the names and what is required of each")
    options = parser.parse_args()
    if options.list:
        for name, required in REQUIRED.items():
            print("%-18s ≥ %.1f×" % (name, required))
        return
    unknown = [name for name in options.names if name not in REQUIRED]
    if unknown:
        parser.error("no benchmark is named %s (see --list)" % ", ".join(unknown))
    if not os.access(options.qnb, os.X_OK):
        sys.exit("bench.py: no binary at %s; run make build, or give --qnb" % options.qnb)
    python, qnb = [options.python], [options.qnb]
    if options.callgrind:
        callgrind(options.callgrind, python, qnb + ["run"])
        return
    paint = Paint(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    missed = bench(options.names or list(REQUIRED), python, qnb + ["run"], options.runs, paint)
    if not options.names:
        missed += bench_startup(python, qnb, paint)
    if missed:
        print("\n%d not met: %s" % (len(missed), ", ".join(missed)))
    sys.exit(1 if missed and options.strict else 0)


if __name__ == "__main__":
    main()
