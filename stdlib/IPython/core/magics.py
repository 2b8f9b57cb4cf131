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
    """How many insertions, deletions, substitutions and exchanges of neighbours turn one text into the other."""
    rows = [list(range(len(b) + 1))]
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _hint(name, known, mark):
    near = min(known, key=lambda other: _distance(name, other))
    return f"; did you mean {mark}{near}?" if _distance(name, near) <= max(1, len(name) // 3) else ""


def _prun_options(line):
    """({option: value}, the statement) of `%prun`'s line."""
    options = {}
    rest = line.lstrip()
    while rest.startswith("-") and len(rest) > 1 and rest[1] in "slTqr":
        option, rest = rest[:2], rest[2:].lstrip()
        options[option] = ""
        if option in ("-s", "-l", "-T"):
            value, _, rest = rest.partition(" ")
            if not value:
                raise UsageError("%prun " + option + " needs a value")
            options[option] = value
            rest = rest.lstrip()
    return options, rest


def _profile_text(table, order, limit, note):
    """Rows of (label, calls, own seconds, total seconds, primitive calls) as the `pstats` module prints them."""
    calls = sum(row[1] for row in table)
    primitive = sum(row[4] for row in table)
    seconds = sum(row[2] for row in table)
    recursion = "" if calls == primitive else f" ({primitive} primitive calls)"
    text = f" {note}        {calls} function calls{recursion} in {seconds:.3f} seconds\n\n   Ordered by: {order}\n"
    shown = table
    if limit is not None:
        shown = table[:int(limit)] if limit.isdigit() else [row for row in table if limit in row[0]]
        if len(shown) < len(table):
            text += f"   List reduced from {len(table)} to {len(shown)} due to restriction <{limit if limit.isdigit() else repr(limit)}>\n"
    text += "\n   ncalls  tottime  percall  cumtime  percall filename:lineno(function)\n"
    for label, count, own, total, once in shown:
        times = str(count) if count == once else f"{count}/{once}"
        text += f"{times:>9} {own:8.3f} {own / count:8.3f} {total:8.3f} {total / max(1, once):8.3f} {label}\n"
    return text


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


def _summary(function):
    """The first line of a command's docstring."""
    return (function.__doc__ or "").strip().split("\n")[0].rstrip(".")


class Commands:
    """The commands: what `%name` and `%%name` lead to. The first line of a method's docstring is what `%lsmagic` and completion show."""

    # Accepted for the sake of notebooks written elsewhere: what they switch on is always so here, or has no meaning.
    silent = ["autoreload", "config", "load_ext", "matplotlib", "pylab", "reload_ext", "unload_ext", "xmode", "colors", "precision"]
    # Commands of a session at a terminal, which takes them before they come here.
    interactive = ["debug", "edit", "full", "load", "notebook", "pdb", "save"]
    unavailable = ["bash", "conda", "html_script", "javascript", "js", "pip", "script", "sh", "sx", "system", "uv"]

    def __init__(self, shell):
        self.shell = shell
        self._folders = []
        self.line_commands = {
            "cd": self.cd, "env": self.env, "hist": self.history, "history": self.history, "ls": self.ls, "lsmagic": self.lsmagic,
            "mem": self.mem, "pinfo": self.pinfo, "pinfo2": self.pinfo2, "prun": self.prun, "psearch": self.psearch, "pwd": self.pwd,
            "reset": self.reset, "run": self.run_file, "time": self.time, "timeit": self.timeit, "who": self.who, "who_ls": self.who_ls,
            "whos": self.whos,
        }
        self.cell_commands = {
            "capture": self.capture, "html": self.html, "HTML": self.html, "latex": self.latex, "markdown": self.markdown, "prun": self.prun,
            "svg": self.svg, "SVG": self.svg, "time": self.time, "timeit": self.timeit, "writefile": self.writefile, "file": self.writefile,
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
        if name in self.interactive:
            raise UsageError(f"{mark}{name} is a line of its own in a session at a terminal (qnb repl)")
        if name in self.unavailable:
            raise UsageError(f"{mark}{name} is not available in qnb")
        raise UsageError(f"unknown command {mark}{name}" + _hint(name, table, mark) + " (%lsmagic lists them)")

    def described(self):
        """(name with its mark, what it does) of every command, by name."""
        lines = {"%" + name: _summary(function) for name, function in self.line_commands.items()}
        for name, summary in _notebook.session_commands():
            lines["%" + name] = summary
        cells = {"%%" + name: _summary(function) for name, function in self.cell_commands.items()}
        return sorted(lines.items()) + sorted(cells.items())

    # Timing

    def time(self, line, cell, number):
        """Run a statement and say how long it took.

        The value of an expression is the command's own, so that `x = %time f()` keeps it.
        """
        text = line if cell is None else cell
        wall = time.perf_counter()
        user, system = _notebook.processor_times()
        try:
            value = _notebook.evaluate(text, number)
        finally:
            wall = time.perf_counter() - wall
            user_end, system_end = _notebook.processor_times()
            user, system = user_end - user, system_end - system
            print(f"CPU times: user {_duration(user)}, sys: {_duration(system)}, total: {_duration(user + system)}\nWall time: {_duration(wall)}")
        return value

    def timeit(self, line, cell, number):
        """Time a statement over many runs.

        -n LOOPS runs it so often in each measurement, -r RUNS measures so often; without them the loops take at least 0.2 s.
        """
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

    # Profiling

    _orders = {
        "tottime": (2, "internal time"), "time": (2, "internal time"), "cumtime": (3, "cumulative time"), "cumulative": (3, "cumulative time"),
        "calls": (1, "call count"), "ncalls": (1, "call count"), "name": (0, "function name"), "nfl": (0, "function name"),
    }

    def prun(self, line, cell, number):
        """Profile a statement: calls and times of each function.

        -s KEY sorts by tottime (the default), cumtime, calls or name; -l LIMIT shows so many lines, or those whose text holds LIMIT;
        -T FILE also writes the table to a file; -q shows nothing; -r returns the rows.
        """
        import operator
        options, statement = _prun_options(line)
        order = options.get("-s", "tottime")
        if order not in self._orders:
            raise UsageError("%prun sorts by tottime, cumtime, calls or name, not " + order)
        rows = []
        note = ""
        try:
            _notebook.profile(statement if cell is None else (statement + "\n" if statement else "") + cell, number, rows)
        except KeyboardInterrupt:
            note = "*** KeyboardInterrupt exception caught in code being profiled."
        column, name = self._orders[order]
        table = [(label, calls, own, total, primitive) for label, _, calls, primitive, own, total in rows]
        table.sort(key=operator.itemgetter(column), reverse=column != 0)
        text = _profile_text(table, name, options.get("-l"), note)
        if "-T" in options:
            with open(options["-T"], "w", encoding="utf-8") as file:
                file.write(text)
            print("*** Profile printout saved to text file " + repr(options["-T"]) + ".")
        if "-q" not in options:
            print(text, end="")
        return [row[:4] for row in table] if "-r" in options else None

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
        """Return the session's names as a list, of the types given if any."""
        return self._names(line)

    def who(self, line, cell, number):
        """List the session's names, of the types given if any."""
        names = self._names(line)
        print("\t ".join(names) if names else "Interactive namespace is empty.")

    def whos(self, line, cell, number):
        """List the session's names, types and values."""
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
        """Forget all names and shown values."""
        import __main__
        for name in self._names(""):
            delattr(__main__, name)
        if isinstance(getattr(__main__, "Out", None), dict):
            __main__.Out.clear()

    # Files and the system

    def run_file(self, line, cell, number):
        """Run a program in the session: %run FILE ARGUMENTS."""
        words = line.split()
        while words and words[0] in ("-i", "-n"):
            words.pop(0)
        if not words:
            raise UsageError("%run takes a file")
        if words[0].startswith("-"):
            raise UsageError("%run takes a file and its arguments, not " + words[0])
        before = list(sys.argv)
        sys.argv[:] = words
        try:
            _notebook.run_file(words[0])
        finally:
            sys.argv[:] = before

    def pwd(self, line, cell, number):
        """Show the folder."""
        import os
        return os.getcwd()

    def cd(self, line, cell, number):
        """Change the folder; - goes back."""
        import os
        target = line.strip().strip("'\"")
        if target == "-":
            if not self._folders:
                raise UsageError("%cd - has no earlier folder to go back to")
            target = self._folders[-1]
        before = os.getcwd()
        os.chdir(os.path.expanduser(target or "~"))
        self._folders.append(before)
        print(os.getcwd())

    def ls(self, line, cell, number):
        """List a folder."""
        import os
        print("\n".join(sorted(name for name in os.listdir(line.strip() or ".") if not name.startswith("."))))

    def env(self, line, cell, number):
        """Show environment variables, or set one: %env NAME=VALUE."""
        import os
        name, equals, value = line.partition("=")
        if equals:
            os.environ[name.strip()] = value.strip()
            return None
        return os.environ[name.strip()] if name.strip() else dict(os.environ)

    def mem(self, line, cell, number):
        """Show the memory in use."""
        with open("/proc/self/status") as file:
            for text in file:
                name, _, value = text.partition(":")
                if name in ("VmRSS", "VmHWM"):
                    print(("in use" if name == "VmRSS" else "peak") + ": " + f"{int(value.split()[0]) / 1024:.0f} MB")

    def writefile(self, line, cell, number):
        """Write the cell to a file; -a appends."""
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
        """Show the cell as HTML."""
        _notebook.publish({"text/html": cell, "text/plain": cell})

    def markdown(self, line, cell, number):
        """Show the cell as Markdown."""
        _notebook.publish({"text/markdown": cell, "text/plain": cell})

    def latex(self, line, cell, number):
        """Show the cell as LaTeX."""
        _notebook.publish({"text/latex": cell, "text/plain": cell})

    def svg(self, line, cell, number):
        """Show the cell as SVG."""
        _notebook.publish({"image/svg+xml": cell, "text/plain": "<svg>"})

    def capture(self, line, cell, number):
        """Run the cell and keep what it prints in a variable."""
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
        """List the commands."""
        described = self.described()
        width = max(len(name) for name, _ in described) + 2
        for name, summary in described:
            print((name.ljust(width) + summary).rstrip())
        print("accepted without effect: " + " ".join("%" + name for name in sorted(self.silent)))

    def history(self, line, cell, number):
        """List the cells of this session."""
        import __main__
        for text in __main__.In[1:]:
            print(text)

    def pinfo(self, line, cell, number):
        """Show signature and docstring of an object, as ?name does."""
        self.show_help(line.strip(), 0)

    def pinfo2(self, line, cell, number):
        """Show the source of an object, as ??name does."""
        self.show_help(line.strip(), 1)

    def psearch(self, line, cell, number):
        """List the names that fit a pattern, as ?torch.*loss* does."""
        self.show_help(line.strip(), 0)

    def _find(self, name):
        """The object of a dotted name, in a list; empty when there is none."""
        import __main__
        import builtins
        parts = name.split(".")
        owner = __main__ if hasattr(__main__, parts[0]) else builtins
        for part in parts:
            if not hasattr(owner, part):
                return []
            owner = getattr(owner, part)
        return [owner]

    def _search(self, pattern):
        import __main__
        import builtins
        import fnmatch
        place, _, leaf = pattern.rpartition(".")
        if place:
            owners = self._find(place)
        else:
            owners = [__main__, builtins]
        names = sorted(set(name for owner in owners for name in dir(owner) if fnmatch.fnmatchcase(name, leaf)))
        for name in names:
            if leaf.startswith("_") or not name.startswith("_"):
                print((place + "." if place else "") + name)

    def show_help(self, name, detail):
        """What `name?` and `name??` show."""
        if not name:
            print(_introduction, end="")
            return
        if "*" in name:
            return self._search(name)
        if name.startswith("%"):
            return self._command_help(name)
        found = self._find(name)
        if not found:
            print("Object `" + name + "` not found.")
            return
        for label, text in self._facts(name.rpartition(".")[2], found[0], detail):
            if "\n" in text:
                print(label + ":\n" + text)
            else:
                print((label + ":").ljust(12) + " " + text)

    def _command_help(self, name):
        known = name.lstrip("%")
        function = self.line_commands.get(known) or self.cell_commands.get(known)
        if function is not None:
            import inspect
            print(("%%" if known not in self.line_commands else "%") + known + "\n" + (inspect.getdoc(function) or ""))
            return
        for other, summary in self.described():
            if other.lstrip("%") == known:
                print(other + "\n" + summary)
                return
        if known in self.silent:
            print("%" + known + " is accepted without effect")
        else:
            print("Object `" + name + "` not found.")

    def _facts(self, name, value, detail):
        """(label, text) of what is known about an object."""
        import inspect
        facts = []
        is_class = inspect.isclass(value)
        is_routine = inspect.isroutine(value)
        if is_class or is_routine:
            facts.append(("Init signature" if is_class else "Signature", name + _signature(value)))
        else:
            text = repr(value)
            if hasattr(type(value), "__call__") and _signature(value) != "(...)":
                facts.append(("Call signature", name + _signature(value)))
            facts.append(("Type", type(value).__name__))
            facts.append(("String form", text if len(text) <= 200 else text[:199] + "…"))
            if hasattr(type(value), "__len__"):
                facts.append(("Length", str(len(value))))
        source = _source(value if is_class or is_routine or inspect.ismodule(value) else type(value)) if detail else None
        documentation = inspect.getdoc(value)
        if documentation is not None and is_class and documentation == inspect.getdoc(value.__mro__[-1 if len(value.__mro__) < 2 else 1]):
            # Its base's words would mislead.
            documentation = None
        if documentation is None and not is_class and not is_routine:
            documentation = inspect.getdoc(type(value))
        if source:
            facts.append(("Source", source))
        else:
            facts.append(("Docstring", documentation or "<no docstring>"))
        if is_class:
            initializer = value.__dict__.get("__init__")
            if initializer is not None and getattr(initializer, "__doc__", None) and not source:
                facts.append(("Init docstring", inspect.cleandoc(initializer.__doc__)))
        try:
            facts.append(("File", inspect.getsourcefile(value)))
        except (OSError, TypeError):
            pass
        if is_class or is_routine:
            facts.append(("Type", type(value).__name__))
        return facts


_introduction = """\
name? or ?name      signature and docstring of an object; name?? its source
?torch.*loss*       names that fit a pattern
help(name)          an object and its members
Tab                 completes names, attributes, keyword arguments, keys, modules, paths, % commands; again goes through them
Up, Ctrl-R          earlier cells that begin with what is typed; search in them
Alt-Enter           another line in a cell that is finished
_, __, Out[n]       earlier values; In[n] earlier cells
expression;         runs without showing the value
%lsmagic            the % commands: timing, profiling, debugging, files, the session as a notebook
Ctrl-C, Ctrl-D      stops what runs or drops what is typed; leaves
"""


def _signature(value):
    import inspect
    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return "(...)"


def _source(value):
    """The text that defines an object; None where there is none."""
    import inspect
    try:
        return inspect.getsource(value).rstrip("\n")
    except (OSError, TypeError):
        return None
