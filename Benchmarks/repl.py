#!/usr/bin/env python3
"""Measures the REPL on a pseudo-terminal against its required times: python3 Benchmarks/repl.py [--qnb PATH]

Each line checks what the session shows before its time counts. Times are medians seen from the terminal's other end: from a key, or
the start of the process, until the last byte of the answer has come. They hold for a machine with two cores that has nothing else to do.
"""

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time

PROMPT = b"\x1b[1;32mIn ["


class Failed(Exception):
    """A measurement whose result is not what it must be; the text says why."""


class Session:
    """A running REPL and what it has written since the last look."""

    def __init__(self, qnb, folder, arguments=()):
        self.started = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            environment = dict(os.environ, TERM="xterm-256color", QNB_HISTORY=os.path.join(folder, "history"), INPUTRC="/dev/null")
            environment.pop("NO_COLOR", None)
            os.execve(qnb, [qnb, *arguments], environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.seen = b""

    def until(self, text, seconds=30):
        """Waits for text; returns when its last byte came."""
        end = time.perf_counter() + seconds
        while text not in self.seen:
            if time.perf_counter() > end or not select.select([self.terminal], [], [], seconds)[0]:
                raise Failed(f"no {text!r} within {seconds} s, but {self.seen[-400:]!r}")
            try:
                self.seen += os.read(self.terminal, 65536)
            except OSError:
                raise Failed(f"the session ended without {text!r}: {self.seen[-400:]!r}")
        now = time.perf_counter()
        self.seen = self.seen.partition(text)[2]
        return now

    def settle(self, seconds=0.03):
        while select.select([self.terminal], [], [], seconds)[0]:
            os.read(self.terminal, 65536)
        self.seen = b""

    def type(self, keys):
        os.write(self.terminal, keys)

    def run(self, line):
        self.settle()
        self.type(line + b"\r")
        self.until(PROMPT)
        self.settle()

    def timed(self, keys, answer):
        """Seconds from keys to the end of their answer."""
        self.settle()
        start = time.perf_counter()
        self.type(keys)
        return self.until(answer) - start

    def megabytes(self):
        with open(f"/proc/{self.pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["VmRSS"].split()[0]) / 1024

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def first_prompt(qnb, folder):
    times = []
    for _ in range(21):
        session = Session(qnb, folder)
        times.append(session.until(PROMPT) - session.started)
        session.close()
    return statistics.median(times)


def first_prompt_with_history(qnb, folder):
    path = os.path.join(folder, "history")
    with open(path, "w") as file:
        for index in range(10_000):
            file.write(f"{index}\tx{index} = model.train(epoch={index})\\nprint(x{index})\n")
    try:
        return first_prompt(qnb, folder)
    finally:
        os.remove(path)


def answer(qnb, folder):
    session = Session(qnb, folder)
    session.until(PROMPT)
    times = []
    for _ in range(41):
        session.settle()
        session.type(b"6*7")
        times.append(session.timed(b"\r", b"42\r\n"))
        session.until(PROMPT)
    session.close()
    return statistics.median(times)


def completion(keys, found):
    def measure(qnb, folder):
        session = Session(qnb, folder)
        session.until(PROMPT)
        session.run(b"import torch; net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU()); options = {'learning_rate': 1, 'momentum': 2}")
        times = []
        for _ in range(21):
            session.settle()
            session.type(keys)
            times.append(session.timed(b"\t", found))
            session.settle()
            session.type(b"\x15")
        session.close()
        # The first one looks everything up.
        return max(times[0], statistics.median(times))
    return measure


def memory(line):
    def measure(qnb, folder):
        session = Session(qnb, folder)
        session.until(PROMPT)
        if line:
            session.run(line)
        time.sleep(0.1)
        size = session.megabytes()
        session.close()
        return size
    return measure


# name, unit, factor, required (None: reported only), measurement
TABLE = [
    ("first prompt", "ms", 1e3, 10, first_prompt),
    ("first prompt, 10,000 cells of history", "ms", 1e3, None, first_prompt_with_history),
    ("6*7, from Enter to the answer", "ms", 1e3, 1, answer),
    ("completion: torch.nn.Con", "ms", 1e3, 5, completion(b"torch.nn.Con", b"ConvTranspose3d")),
    ("completion: torch. (all of it)", "ms", 1e3, 5, completion(b"torch.", b"more")),
    ("completion: net[0].we", "ms", 1e3, 5, completion(b"net[0].we", b"ight")),
    ("completion: Conv2d(…, ker", "ms", 1e3, 5, completion(b"torch.nn.Conv2d(3, 8, ker", b"nel_size=")),
    ("completion: options['mo", "ms", 1e3, 5, completion(b"options['mo", b"mentum")),
    ("completion: % commands", "ms", 1e3, 5, completion(b"%", b"more")),
    ("completion: from torch.nn import", "ms", 1e3, 5, completion(b"from torch.nn import Con", b"ConvTranspose3d")),
    ("memory at the prompt", "MB", 1, 30, memory(b"")),
    ("memory with torch imported", "MB", 1, None, memory(b"import torch")),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--qnb", default=".build/release/qnb")
    arguments = parser.parse_args()
    qnb = os.path.abspath(arguments.qnb)
    failed = False
    print(f"{'':40} {'measured':>10} {'required':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for name, unit, factor, required, measure in TABLE:
            try:
                value = measure(qnb, folder) * factor
            except Failed as problem:
                print(f"{name:40} {problem}")
                failed = True
                continue
            limit = "" if required is None else f"{required} {unit}"
            late = required is not None and value > required
            failed |= late
            print(f"{name:40} {value:7.2f} {unit} {limit:>10}{'  too much' if late else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
