"""Runs one program and reduces what it printed to the form its `.out` file keeps.

The form is the standard output; for a program that fails, a line `--- exit N` follows, and the part of the standard
error that is promised: each frame of the program's own folder (`File "<relative file>", line N, in <name>`) and every
line that is not indented (`Traceback (most recent call last):`, the chaining sentences, the final `Type: message`).
Source lines, carets, the frames of library files the path in "cannot import name … from … (path)" and the suggestion after it
(CPython makes it since 3.12) are left out, because an implementation may show them differently. The group `code-frames` alone keeps them: its programs say how a
frame's source line and carets look.
"""

import os
import re
import signal
import subprocess

TIMEOUT = 20.0
IMPORT_PLACE = re.compile(r"^(ImportError: cannot import name '.*' from '.*') \(.*\)(\. Did you mean: '.*'\?)?$")
FRAME = re.compile(r'^\s+File "([^"]*)", line (\d+)(?:, in (.*))?$')


class Outcome:
    def __init__(self, text, seconds):
        self.text = text
        self.seconds = seconds


def suite_folder():
    return os.path.dirname(os.path.abspath(__file__))


def programs(names=(), folder=None):
    """Every program of the suite whose `group/name` begins with or contains one of `names` (all of them without names).

    A program's name has a hyphen in it; the other `.py` files of a group are modules that programs import.
    """
    folder = folder or suite_folder()
    found = []
    for group in sorted(os.listdir(folder)):
        path = os.path.join(folder, group)
        if not os.path.isdir(path) or group in ("__pycache__", "refused"):
            continue
        for file in sorted(os.listdir(path)):
            if file.endswith(".py") and "-" in file:
                label = group + "/" + file[:-3]
                if not names or any(matches(label, name) for name in names):
                    found.append(label)
    return found


def matches(label, name):
    name = name[:-3] if name.endswith(".py") else name
    marker = "Tests/Language/"
    if marker in name:
        name = name[name.index(marker) + len(marker):]
    name = name.rstrip("/")
    return label.startswith(name) or name in label.split("/")[1]


def run(command, label, environment=None, timeout=TIMEOUT, folder=None):
    """Runs `command + [file]` inside the program's group folder; a program past the time limit reads `--- timeout`."""
    import time

    group, name = label.split("/")
    place = os.path.join(folder or suite_folder(), group)
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONIOENCODING="utf-8", TZ="UTC", COLUMNS="80", NO_COLOR="1")
    env.update(environment or {})
    began = time.perf_counter()
    process = subprocess.Popen(
        command + [name + ".py"],
        cwd=place, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=timeout)
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = None
    seconds = time.perf_counter() - began
    return Outcome(reduce(out.decode("utf-8", "backslashreplace"), err.decode("utf-8", "backslashreplace"), status, place), seconds)


def reduce(out, err, status, place):
    if status == 0:
        return out
    if out and not out.endswith("\n"):
        out += "\n"
    head = "--- timeout" if status is None else "--- exit %d" % (128 - status if status < 0 else status)
    return out + "\n".join([head] + reduce_error(err, place)) + "\n"


def reduce_error(err, place):
    kept = []
    whole = os.path.basename(place) == "code-frames"
    for line in err.splitlines():
        frame = FRAME.match(line)
        if frame:
            path = os.path.normpath(os.path.join(place, frame.group(1)))
            if path.startswith(place + os.sep):
                name = ", in " + frame.group(3) if frame.group(3) else ""
                kept.append('File "%s", line %s%s' % (path[len(place) + 1:], frame.group(2), name))
        elif line.strip() and (whole or not line[0].isspace()):
            kept.append(IMPORT_PLACE.sub(r"\1", line))
    return kept
