#!/usr/bin/env python3
"""Runs every text of reports.txt with CPython 3.11 and keeps what it prints beside the text.

    python3 record_reports.py           check; exits 1 when a report differs from the file's
    python3 record_reports.py --write   rewrite the reports

A case is `---`, the text, `#>`, and the report.
"""
import pathlib
import subprocess
import sys
import tempfile

PATH = pathlib.Path(__file__).with_name("reports.txt")


def report(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.py"
        path.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True, encoding="utf-8")
        return run.stderr.replace(str(path), "x.py").rstrip("\n")


def main():
    assert sys.version_info[:2] == (3, 11), "the reports are those of CPython 3.11"
    head, *cases = PATH.read_text(encoding="utf-8").split("\n---\n")
    out, differing = [head], 0
    for case in cases:
        text, _, known = case.partition("#>")
        found = report(text)
        if found != known.strip("\n"):
            differing += 1
            print(f"{text}  CPython:\n{found}")
        out.append(f"---\n{text}#>\n{found}")
    if "--write" in sys.argv:
        PATH.write_text("\n".join(out) + "\n", encoding="utf-8")
    elif differing:
        sys.exit(f"{differing} reports differ; run with --write to take CPython's")


main()
