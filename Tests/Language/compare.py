#!/usr/bin/env python3
"""Runs the suite against a binary and shows what differs from CPython's recorded output.

    python3 Tests/Language/compare.py [GROUP | GROUP/NAME | WORD ...] [--binary PATH] [options]

    compare.py lists                        one group
    compare.py classes/methods              programs whose name begins so
    compare.py --summary                    one line per failing program: its first difference
    compare.py --failed                     only those that failed last time
"""

import argparse
import concurrent.futures
import difflib
import os
import re
import subprocess
import sys
import time

import reduction

SUITE = reduction.suite_folder()
LAST_FAILED = os.path.join(SUITE, ".failed")
REFUSED = re.compile(r"#\s*refused:\s*(\S+)")


class Verdict:
    """How one program did: `kind` is ok, differs, crashed, timeout or unrecorded."""

    def __init__(self, label, kind, seconds, expected=None, actual=None):
        self.label, self.kind, self.seconds = label, kind, seconds
        self.expected, self.actual = expected or [], actual or []

    def lines(self):
        """(agreeing lines, expected lines): how near a failing program is."""
        matcher = difflib.SequenceMatcher(None, self.expected, self.actual, autojunk=False)
        return sum(block.size for block in matcher.get_matching_blocks()), len(self.expected)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def judge(command, label, timeout):
    if label.startswith("refused/"):
        return judge_refused(command, label, timeout)
    outcome = reduction.run(command, label, timeout=timeout)
    path = os.path.join(SUITE, label + ".out")
    if not os.path.exists(path):
        return Verdict(label, "unrecorded", outcome.seconds)
    expected = read(path)
    if outcome.text == expected:
        return Verdict(label, "ok", outcome.seconds)
    kind = "differs"
    ending = re.search(r"^--- (timeout|exit (\d+))", outcome.text, re.M)
    if ending and ending.group(0) == "--- timeout":
        kind = "timeout"
    elif ending and int(ending.group(2)) > 128 and int(ending.group(2)) != 130:
        kind = "crashed"
    return Verdict(label, kind, outcome.seconds, expected.splitlines(), outcome.text.splitlines())


def refused_programs(names):
    folder = os.path.join(SUITE, "refused")
    labels = ["refused/" + file[:-3] for file in sorted(os.listdir(folder)) if file.endswith(".py")]
    return [label for label in labels if not names or any(reduction.matches(label, name) for name in names)]


def judge_refused(command, label, timeout):
    """A refused construct must end with 1 before anything is printed, naming `file:line:col` and the construct."""
    file = label.split("/")[1] + ".py"
    wanted = []
    for number, line in enumerate(read(os.path.join(SUITE, label + ".py")).splitlines(), 1):
        found = REFUSED.search(line)
        if found:
            wanted.append((number, found.group(1)))
    began = time.perf_counter()
    try:
        done = subprocess.run(command + [file], cwd=os.path.join(SUITE, "refused"), capture_output=True, text=True,
                              timeout=timeout, stdin=subprocess.DEVNULL, errors="backslashreplace")
    except subprocess.TimeoutExpired:
        return Verdict(label, "timeout", timeout)
    seconds = time.perf_counter() - began
    expected, actual = ["exit 1", "stdout empty"], ["exit %d" % done.returncode, "stdout " + (repr(done.stdout[:60]) if done.stdout else "empty")]
    for number, word in wanted:
        said = [line for line in done.stderr.splitlines() if re.search(r"%s:%d:\d+" % (re.escape(file), number), line) and word in line]
        line = "stderr names %s:%d:COL and '%s'" % (file, number, word)
        expected.append(line)
        actual += [line] if said else ["stderr: " + text for text in done.stderr.splitlines()]
    return Verdict(label, "ok" if expected == actual else "differs", seconds, expected, actual)


class Paint:
    def __init__(self, on):
        self.on = on

    def __call__(self, code, text):
        return "\x1b[%sm%s\x1b[0m" % (code, text) if self.on else text


RED, GREEN, YELLOW, BOLD, DIM = "31", "32", "33", "1", "2"


def clip(text, width):
    return text if len(text) <= width else text[: width - 1] + "…"


def pair(expected, actual, width):
    """Two differing lines, cut so that both show the place where they part."""
    same = len(os.path.commonprefix([expected, actual]))
    if max(len(expected), len(actual)) > width and same > width // 2:
        cut = same - width // 4
        expected, actual = "…" + expected[cut:], "…" + actual[cut:]
    return clip(expected, width), clip(actual, width)


def difference(verdict, paint, limit, width):
    """What differs, in the order of the expectation: each expected line above the actual one, with a line of context."""
    lines = []
    matcher = difflib.SequenceMatcher(None, verdict.expected, verdict.actual, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        lines.append(paint(DIM, "    line %d%s" % (a + 1, ", after " + clip(verdict.expected[a - 1], width - 20) if a else "")))
        for index in range(max(b - a, d - c)):
            expected = verdict.expected[a + index] if index < b - a else None
            actual = verdict.actual[c + index] if index < d - c else None
            if expected is not None and actual is not None:
                expected, actual = pair(expected, actual, width)
            if expected is not None:
                lines.append("    " + paint(GREEN, "expected " + clip(expected, width)))
            if actual is not None:
                lines.append("    " + paint(RED, "actual   " + clip(actual, width)))
    if len(lines) > limit:
        lines = lines[:limit] + [paint(DIM, "    … %d more lines; see all with --full" % (len(lines) - limit))]
    return "\n".join(lines)


def first_difference(verdict, width):
    for index in range(max(len(verdict.expected), len(verdict.actual))):
        expected = verdict.expected[index] if index < len(verdict.expected) else "(nothing)"
        actual = verdict.actual[index] if index < len(verdict.actual) else "(nothing)"
        if expected != actual:
            return "line %d: %s ≠ %s" % ((index + 1,) + pair(expected, actual, width // 2))
    return ""


def final_errors(verdicts):
    """The uncaught errors that occur in failing programs but were not expected, most frequent first."""
    counts = {}
    for verdict in verdicts:
        if verdict.actual and any(line.startswith("--- exit") for line in verdict.actual):
            last = verdict.actual[-1]
            if last not in verdict.expected:
                counts[clip(last, 100)] = counts.get(clip(last, 100), 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def report(verdicts, seconds, options, paint):
    width = options.width
    bad = [verdict for verdict in verdicts if verdict.kind not in ("ok", "unrecorded")]
    for verdict in bad:
        agreeing, total = verdict.lines()
        kind = {"differs": "%d of %d lines agree" % (agreeing, total)}.get(verdict.kind, verdict.kind.upper())
        head = paint(BOLD, "Tests/Language/%s.py" % verdict.label) + "  " + paint(YELLOW, kind)
        if options.summary:
            print(head + "\n    " + first_difference(verdict, width))
        else:
            print(head)
            print(difference(verdict, paint, 10 ** 9 if options.full else 14, 10 ** 9 if options.full else width))
            print()
    for verdict in verdicts:
        if verdict.kind == "unrecorded":
            print(paint(YELLOW, "%s.py has no expectation yet: run record.py %s" % (verdict.label, verdict.label)))
    groups = {}
    for verdict in verdicts:
        passed, total = groups.get(verdict.label.split("/")[0], (0, 0))
        groups[verdict.label.split("/")[0]] = (passed + (verdict.kind == "ok"), total + 1)
    if bad and len(groups) > 1:
        print(paint(BOLD, "groups with failures"))
        for group, (passed, total) in groups.items():
            if passed < total:
                print("    %-22s %3d / %-3d %s" % (group, passed, total, paint(GREEN, "█" * (20 * passed // total)) + paint(DIM, "░" * (20 - 20 * passed // total))))
        errors = final_errors(bad)
        if errors:
            print(paint(BOLD, "errors that ended programs"))
            for text, count in errors[:12]:
                print("    %3d × %s" % (count, text))
        print()
    passed = sum(verdict.kind == "ok" for verdict in verdicts)
    agreeing = sum(len(read(os.path.join(SUITE, v.label + ".out")).splitlines()) if v.kind == "ok" and not v.label.startswith("refused/") else v.lines()[0] for v in verdicts)
    expected = sum(len(read(os.path.join(SUITE, v.label + ".out")).splitlines()) if v.kind == "ok" and not v.label.startswith("refused/") else v.lines()[1] for v in verdicts)
    text = "%d of %d programs agree, %d of %d lines, %.1f s" % (passed, len(verdicts), agreeing, expected, seconds)
    print(paint(RED if bad else GREEN, text))
    slow = [verdict for verdict in sorted(verdicts, key=lambda verdict: -verdict.seconds)[:3] if verdict.seconds > 1]
    if slow:
        print(paint(DIM, "slowest: " + ", ".join("%s %.1f s" % (verdict.label, verdict.seconds) for verdict in slow)))
    return bad


def default_binary():
    """QNB, or the newer of the two builds of this working copy."""
    if os.environ.get("QNB"):
        return os.environ["QNB"]
    root = os.path.dirname(os.path.dirname(SUITE))
    builds = [os.path.join(root, ".build", kind, "qnb") for kind in ("debug", "release")]
    present = [path for path in builds if os.path.exists(path)]
    return max(present, key=os.path.getmtime) if present else builds[1]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="groups, beginnings of group/name, or words of a name")
    parser.add_argument("-b", "--binary", default=default_binary(), help="the binary to judge (default: QNB, or the newest build)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), help="programs run at once (default: %(default)s)")
    parser.add_argument("-t", "--timeout", type=float, default=reduction.TIMEOUT, help="seconds a program may take (default: %(default)s)")
    parser.add_argument("-s", "--summary", action="store_true", help="only the first difference of each program")
    parser.add_argument("-f", "--full", action="store_true", help="whole diffs, lines not shortened")
    parser.add_argument("--failed", action="store_true", help="only the programs that failed last time")
    parser.add_argument("-x", "--first", action="store_true", help="stop at the first program that fails")
    options = parser.parse_args()
    try:
        columns = os.get_terminal_size().columns
    except OSError:
        columns = 160
    options.width = max(60, columns - 16)
    return options


def main():
    options = arguments()
    binary = os.path.abspath(options.binary)
    if not os.access(binary, os.X_OK):
        sys.exit("compare.py: no binary at %s; build it, or give --binary" % binary)
    names = options.names
    if options.failed:
        if not os.path.exists(LAST_FAILED):
            sys.exit("compare.py: no run has failed yet")
        names = read(LAST_FAILED).split()
    labels = reduction.programs(names) + refused_programs(names)
    if options.failed:
        labels = [label for label in labels if label in names]
    if not labels:
        sys.exit("compare.py: no program is named " + " or ".join(names))
    command = [binary, "run"]
    began = time.perf_counter()
    verdicts = []
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        waiting = [pool.submit(judge, command, label, options.timeout) for label in labels]
        for future in waiting:
            if future.cancelled():
                continue
            verdict = future.result()
            verdicts.append(verdict)
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K%d/%d %s\r" % (len(verdicts), len(labels), verdict.label))
            if options.first and verdict.kind != "ok":
                pool.shutdown(cancel_futures=True)
                break
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    bad = report(verdicts, time.perf_counter() - began, options, Paint(sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    if not options.names or options.failed:
        with open(LAST_FAILED, "w") as file:
            file.write("\n".join(verdict.label for verdict in bad) + "\n" if bad else "")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
