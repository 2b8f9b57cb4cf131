"""The `%` commands of notebook cells."""

import sys
import time

import _notebook


class UsageError(Exception):
    """A command used wrongly; reported by its bare name."""


UsageError.__module__ = "builtins"


def _duration(seconds):
    """`1.21 ms`, as IPython writes durations."""
    if seconds >= 60:
        minutes, rest = divmod(seconds, 60)
        return f"{int(minutes)}min {int(rest)}s"
    for factor, unit in [(1, "s"), (1e3, "ms"), (1e6, "µs")]:
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _distance(a, b):
    """How many insertions, deletions and substitutions turn one text into the other."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def _hint(name, known, mark):
    near = min(known, key=lambda other: _distance(name, other))
    return f"; did you mean {mark}{near}?" if _distance(name, near) <= max(1, len(name) // 3) else ""


class CapturedIO:
    """What `%%capture` has kept."""

    def __init__(self, stdout, stderr):
        self.stdout = stdout
        self.stderr = stderr

    def __str__(self):
        return self.stdout

    def show(self):
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)

    __call__ = show


class Commands:
    # Accepted for the sake of notebooks written elsewhere: what they switch on is always so here, or has no meaning.
    silent = ["autoreload", "config", "load_ext", "matplotlib", "pylab", "reload_ext", "unload_ext", "xmode", "colors", "precision"]
    unavailable = ["bash", "conda", "debug", "html_script", "javascript", "js", "load", "pip", "prun", "script", "sh", "sx", "system", "uv"]

    def __init__(self, shell):
        self.shell = shell
        self.line_commands = {
            "cd": self.cd, "env": self.env, "hist": self.history, "history": self.history, "ls": self.ls, "lsmagic": self.lsmagic,
            "mem": self.mem, "pinfo": self.pinfo, "pwd": self.pwd, "reset": self.reset, "run": self.run_file, "time": self.time,
            "timeit": self.timeit, "who": self.who, "who_ls": self.who_ls, "whos": self.whos,
        }
        self.cell_commands = {
            "capture": self.capture, "html": self.html, "HTML": self.html, "latex": self.latex, "markdown": self.markdown, "svg": self.svg,
            "SVG": self.svg, "time": self.time, "timeit": self.timeit, "writefile": self.writefile, "file": self.writefile,
        }

    def run(self, name, line, cell, number):
        table = self.line_commands if cell is None else self.cell_commands
        mark = "%" if cell is None else "%%"
        if name in table:
            return table[name](line, cell, number)
        if name in self.silent:
            if cell:
                _notebook.run(cell, number)
            return None
        if name in self.unavailable:
            raise UsageError(f"{mark}{name} is not available in qnb")
        raise UsageError(f"unknown command {mark}{name}" + _hint(name, table, mark) + " (%lsmagic lists them)")

    # Timing

    def time(self, line, cell, number):
        text = line if cell is None else cell
        wall = time.perf_counter()
        cpu = time.process_time()
        try:
            _notebook.run(text, number)
        finally:
            cpu = time.process_time() - cpu
            wall = time.perf_counter() - wall
            print(f"CPU times: total: {_duration(cpu)}\nWall time: {_duration(wall)}")

    def timeit(self, line, cell, number):
        import __main__
        loops, repeats, statement = self._timeit_options(line)
        setup = ""
        body = statement
        if cell is not None:
            setup, body = statement, cell
        lines = ["def _qnb_timeit(_qnb_loops, _qnb_clock):"]
        lines += ["    " + text for text in (setup or "pass").split("\n")]
        lines += ["    _qnb_start = _qnb_clock()", "    for _qnb_turn in range(_qnb_loops):"]
        lines += ["        " + text for text in body.split("\n")]
        lines += ["        pass", "    return _qnb_clock() - _qnb_start"]
        _notebook.run("\n".join(lines), number)
        function = __main__._qnb_timeit
        del __main__._qnb_timeit
        clock = time.perf_counter
        if not loops:
            loops = 1
            while function(loops, clock) < 0.2 and loops < 10**9:
                loops *= 10
        runs = [function(loops, clock) / loops for _ in range(repeats)]
        mean = sum(runs) / len(runs)
        deviation = (sum((run - mean) ** 2 for run in runs) / len(runs)) ** 0.5
        print(
            f"{_duration(mean)} ± {_duration(deviation)} per loop (mean ± std. dev. of {repeats} run{'s' if repeats != 1 else ''}, "
            f"{loops:,} loop{'s' if loops != 1 else ''} each)")

    def _timeit_options(self, line):
        loops, repeats = 0, 7
        words = line.split()
        while words and words[0].startswith("-"):
            option = words.pop(0)
            value = option[2:]
            if option[:2] in ("-n", "-r") and not value and words:
                value = words.pop(0)
            if option[:2] not in ("-n", "-r") or not value.isdigit() or int(value) < 1:
                if option in ("-q", "-o", "-c", "-t", "-p"):
                    continue
                raise UsageError("%timeit takes -n LOOPS and -r RUNS, not " + option)
            if option[:2] == "-n":
                loops = int(value)
            else:
                repeats = int(value)
        # The statement as it was written, blanks included.
        start = line.find(words[0]) if words else len(line)
        for word in line.split()[: len(line.split()) - len(words)]:
            start = max(start, line.find(word) + len(word))
        return loops, repeats, line[start:].lstrip() if words else ""

    # Names

    def _names(self, line):
        import __main__
        wanted = line.split()
        names = []
        for name in dir(__main__):
            if name.startswith("_") or name in ("In", "Out", "display", "exit", "get_ipython", "params", "quit"):
                continue
            if not wanted or type(getattr(__main__, name)).__name__ in wanted:
                names.append(name)
        return sorted(names)

    def who_ls(self, line, cell, number):
        return self._names(line)

    def who(self, line, cell, number):
        names = self._names(line)
        print("\t ".join(names) if names else "Interactive namespace is empty.")

    def whos(self, line, cell, number):
        import __main__
        rows = []
        for name in self._names(line):
            value = getattr(__main__, name)
            if isinstance(value, (list, tuple, dict, set, frozenset)):
                text = "n=" + str(len(value))
            elif hasattr(value, "shape"):
                text = "shape=" + str(tuple(value.shape))
            else:
                text = " ".join(repr(value).split())
            rows.append((name, type(value).__name__, text if len(text) <= 60 else text[:59] + "…"))
        if not rows:
            print("Interactive namespace is empty.")
            return
        names = max(8, max(len(row[0]) for row in rows))
        types = max(4, max(len(row[1]) for row in rows))
        print("Variable".ljust(names) + "   " + "Type".ljust(types) + "   Data/Info")
        print("-" * (names + types + 15))
        for name, kind, text in rows:
            print(name.ljust(names) + "   " + kind.ljust(types) + "   " + text)

    def reset(self, line, cell, number):
        import __main__
        for name in self._names(""):
            delattr(__main__, name)

    # Files and the system

    def run_file(self, line, cell, number):
        words = line.split()
        if not words:
            raise UsageError("%run takes a file")
        before = list(sys.argv)
        sys.argv[:] = words
        try:
            _notebook.run_file(words[0])
        finally:
            sys.argv[:] = before

    def pwd(self, line, cell, number):
        import os
        return os.getcwd()

    def cd(self, line, cell, number):
        import os
        os.chdir(os.path.expanduser(line.strip() or "~"))

    def ls(self, line, cell, number):
        import os
        print("\n".join(sorted(name for name in os.listdir(line.strip() or ".") if not name.startswith("."))))

    def env(self, line, cell, number):
        import os
        name, equals, value = line.partition("=")
        if equals:
            os.environ[name.strip()] = value.strip()
            return None
        return os.environ[name.strip()] if name.strip() else dict(os.environ)

    def mem(self, line, cell, number):
        with open("/proc/self/status") as file:
            for text in file:
                name, _, value = text.partition(":")
                if name in ("VmRSS", "VmHWM"):
                    print(("in use" if name == "VmRSS" else "peak") + ": " + f"{int(value.split()[0]) / 1024:.0f} MB")

    def writefile(self, line, cell, number):
        words = line.split()
        appends = "-a" in words
        names = [word for word in words if word not in ("-a", "--append")]
        if len(names) != 1:
            raise UsageError("%%writefile takes a file")
        with open(names[0], "a" if appends else "w", encoding="utf-8") as file:
            file.write(cell if cell.endswith("\n") else cell + "\n")
        print(("Appending to " if appends else "Writing ") + names[0])

    # Displays

    def html(self, line, cell, number):
        _notebook.publish({"text/html": cell, "text/plain": cell})

    def markdown(self, line, cell, number):
        _notebook.publish({"text/markdown": cell, "text/plain": cell})

    def latex(self, line, cell, number):
        _notebook.publish({"text/latex": cell, "text/plain": cell})

    def svg(self, line, cell, number):
        _notebook.publish({"image/svg+xml": cell, "text/plain": "<svg>"})

    def capture(self, line, cell, number):
        import __main__
        import io
        words = [word for word in line.split() if not word.startswith("--")]
        out, err = io.StringIO(), io.StringIO()
        before = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = out, err
        _notebook.mute(True)
        try:
            _notebook.run(cell, number)
        finally:
            _notebook.mute(False)
            sys.stdout, sys.stderr = before
        if words:
            setattr(__main__, words[0], CapturedIO(out.getvalue(), err.getvalue()))

    # Help

    def lsmagic(self, line, cell, number):
        print("Available line commands:\n" + "  ".join("%" + name for name in sorted(list(self.line_commands) + self.silent)))
        print("\nAvailable cell commands:\n" + "  ".join("%%" + name for name in sorted(self.cell_commands)))

    def history(self, line, cell, number):
        import __main__
        for text in __main__.In[1:]:
            print(text)

    def pinfo(self, line, cell, number):
        self.show_help(line.strip(), 0)

    def show_help(self, name, detail):
        import __main__
        import inspect
        if name.startswith("%"):
            known = name.lstrip("%")
            if known in self.line_commands or known in self.cell_commands or known in self.silent:
                print("%" + known + " is a command; %lsmagic lists all")
            else:
                print("Object `" + name + "` not found.")
            return
        parts = name.split(".")
        if not hasattr(__main__, parts[0]):
            import builtins
            if not hasattr(builtins, parts[0]):
                print("Object `" + name + "` not found.")
                return
            value = getattr(builtins, parts[0])
        else:
            value = getattr(__main__, parts[0])
        for part in parts[1:]:
            if not hasattr(value, part):
                print("Object `" + name + "` not found.")
                return
            value = getattr(value, part)
        is_callable = callable(value)
        if is_callable:
            try:
                print(("Init signature: " if isinstance(value, type) else "Signature: ") + parts[-1] + str(inspect.signature(value)))
            except (TypeError, ValueError):
                print("Signature: " + parts[-1] + "(...)")
        else:
            text = repr(value)
            print("Type:        " + type(value).__name__)
            print("String form: " + (text if len(text) <= 200 else text[:199] + "…"))
            if hasattr(type(value), "__len__"):
                print("Length:      " + str(len(value)))
        if detail:
            try:
                print("Source:\n" + inspect.getsource(value))
                return
            except (OSError, TypeError):
                pass
        documentation = inspect.getdoc(value)
        print("Docstring:   " + (documentation or "<no docstring>"))
