#!/usr/bin/env python3
"""Records CPython 3.11's output beside each program of the suite.

    python3 Tests/Language/record.py [GROUP | GROUP/NAME ...]

Exits with 1 when an expectation was written, changed or removed, so that a recording is always a decision. Each program
runs twice, with different hash seeds; one that prints two different things is refused.
"""

import concurrent.futures
import os
import shutil
import sys

import reduction


def reference():
    """The python3.11 to record from: QNB_REFERENCE_PYTHON, the system's, or the one that runs this script."""
    for candidate in (os.environ.get("QNB_REFERENCE_PYTHON"), "/usr/bin/python3", sys.executable):
        if candidate and shutil.which(candidate):
            import subprocess

            version = subprocess.run([candidate, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True).stdout
            if version.split() == ["3", "11"]:
                return candidate
    sys.exit("record.py: no Python 3.11 found; set QNB_REFERENCE_PYTHON")


def record(python, label):
    """What happened to one program's expectation: (label, verdict, detail)."""
    first, second = (reduction.run([python], label, {"PYTHONHASHSEED": seed}).text for seed in ("1", "777"))
    if first != second:
        return label, "unstable", first + "\n--- and then ---\n" + second
    if "--- timeout" in first:
        return label, "unstable", "did not end in time"
    path = os.path.join(reduction.suite_folder(), label + ".out")
    old = None
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as file:
            old = file.read()
    if old == first:
        return label, "same", first
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(first)
    return label, "new" if old is None else "changed", first


def remove_orphans():
    removed = []
    for group in sorted(os.listdir(reduction.suite_folder())):
        folder = os.path.join(reduction.suite_folder(), group)
        if os.path.isdir(folder):
            for file in sorted(os.listdir(folder)):
                if file.endswith(".out") and not os.path.exists(os.path.join(folder, file[:-4] + ".py")):
                    os.remove(os.path.join(folder, file))
                    removed.append(group + "/" + file)
    return removed


def main():
    names = sys.argv[1:]
    labels = reduction.programs(names)
    if not labels:
        sys.exit("record.py: no program is named " + " or ".join(names))
    python = reference()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda label: record(python, label), labels))
    removed = [] if names else remove_orphans()
    for label, verdict, detail in results:
        if verdict == "unstable":
            print("UNSTABLE " + label + "\n" + detail)
        elif verdict != "same":
            print(verdict + "  " + label)
    for path in removed:
        print("removed  " + path)
    counts = {verdict: sum(1 for result in results if result[1] == verdict) for verdict in ("same", "new", "changed", "unstable")}
    lines = sum(detail.count("\n") for _, verdict, detail in results if verdict != "unstable")
    print("%d programs, %d lines of expectations: %s" % (len(results), lines, ", ".join("%d %s" % (n, v) for v, n in counts.items() if n)))
    sys.exit(1 if removed or counts["same"] != len(results) else 0)


if __name__ == "__main__":
    main()
