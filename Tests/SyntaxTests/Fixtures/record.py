#!/usr/bin/env python3
"""Asks CPython 3.11 what is wrong with every text in errors.txt and keeps its answer beside the text.

    python3 record.py           check; exits 1 when an answer differs from the file's
    python3 record.py --write   rewrite the answers

A case is `---` and flags, the text, and one line `#> Type line:column-line:column message`. Columns are characters from 1; a
lone `line:column` is a point. `ok` is no error. Flags: `escaped` (the text is one line with Python's string escapes),
`place=loose` (only type, line and message count: CPython gives columns of a text it made up, as for f-strings), `compiler` (CPython's
compiler finds this, not its parser: for the parser the text is fine).
"""
import pathlib
import sys
import warnings

PATH = pathlib.Path(__file__).with_name("errors.txt")


def answer(text, loose):
    try:
        compile(text, "x.py", "exec")
    except SyntaxError as error:
        line, column = error.lineno, error.offset
        end_line, end_column = error.end_lineno, error.end_offset
        place = f"{line}:{column}"
        if loose:
            place = f"{line}"
        elif end_column not in (None, 0, -1) and (end_line, end_column) != (line, column):
            place += f"-{end_line}:{end_column}"
        return f"{type(error).__name__} {place} {error.msg}"
    except (MemoryError, RecursionError, ValueError) as error:
        return f"{type(error).__name__} - {error}"
    return "ok"


def main():
    warnings.simplefilter("ignore")
    assert sys.version_info[:2] == (3, 11), "the answers are those of CPython 3.11"
    out = []
    differing = 0
    for block in PATH.read_text(encoding="utf-8").split("\n---")[1:]:
        flags, _, rest = block.partition("\n")
        body, _, known = rest.partition("#> ")
        text = body
        if "escaped" in flags:
            text = eval('"' + body.rstrip("\n").replace('"', '\\"') + '"')
        found = answer(text, "place=loose" in flags)
        if found != known.strip():
            differing += 1
            print(f"{body}  file:    {known.strip()}\n  CPython: {found}")
        out.append(f"---{flags}\n{body}#> {found}\n")
    if "--write" in sys.argv:
        head = PATH.read_text(encoding="utf-8").split("\n---")[0]
        PATH.write_text(head + "\n" + "".join(out), encoding="utf-8")
    elif differing:
        sys.exit(f"{differing} answers differ; run with --write to take CPython's")


main()
