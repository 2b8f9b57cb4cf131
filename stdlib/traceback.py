"""Tracebacks as text and as data.

The native `_traceback` knows the frames: `format_exception(exc)` is the whole
report with its chain, `format_tb(tb)` one string per frame with carets,
`extract(tb)` (filename, lineno, name, line) per frame, `extract_stack(depth)`
the same for the running calls, `getline(filename, lineno)` a line of source.
"""

import sys
import _traceback

__all__ = ["extract_stack", "extract_tb", "format_exception", "format_exception_only",
           "format_list", "format_stack", "format_tb", "print_exc", "format_exc",
           "print_exception", "print_last", "print_stack", "print_tb", "clear_frames",
           "FrameSummary", "StackSummary", "TracebackException", "print_list"]

_absent = object()


class FrameSummary:
    """One frame: file, line number, function and source line."""

    __slots__ = ("filename", "lineno", "name", "_line", "locals")

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self._line = line
        self.locals = locals

    @property
    def line(self):
        if self._line is None:
            if self.lineno is None:
                return None
            self._line = _traceback.getline(self.filename, self.lineno) or ""
        return self._line.strip()

    def _fields(self):
        return (self.filename, self.lineno, self.name, self.line)

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return self._fields() == other._fields()
        if isinstance(other, tuple):
            return self._fields() == other
        return NotImplemented

    def __getitem__(self, pos):
        return self._fields()[pos]

    def __iter__(self):
        return iter(self._fields())

    def __len__(self):
        return 4

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


class StackSummary(list):
    """The frames of a traceback or of the running calls."""

    @classmethod
    def from_list(cls, a_list):
        """From FrameSummary objects or (file, line, function, text) tuples."""
        result = cls()
        for frame in a_list:
            if isinstance(frame, FrameSummary):
                result.append(frame)
            else:
                filename, lineno, name, line = frame
                result.append(FrameSummary(filename, lineno, name, line=line))
        return result

    def format_frame_summary(self, frame):
        text = f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
        if frame.line:
            text += f"    {frame.line}\n"
        return text

    def format(self):
        """One string per frame; long runs of one frame are counted."""
        result = []
        last = None
        count = 0
        for frame in self:
            key = (frame.filename, frame.lineno, frame.name)
            if key != last:
                if count > 3:
                    result.append(_repeated(count - 3))
                last = key
                count = 0
            count += 1
            if count <= 3:
                result.append(self.format_frame_summary(frame))
        if count > 3:
            result.append(_repeated(count - 3))
        return result


def _repeated(count):
    times = "time" if count == 1 else "times"
    return f"  [Previous line repeated {count} more {times}]\n"


def _limited(items, limit):
    if limit is None:
        limit = getattr(sys, "tracebacklimit", None)
        if limit is not None and limit < 0:
            limit = 0
    if limit is None:
        return items
    return items[:limit] if limit >= 0 else items[limit:]


def extract_tb(tb, limit=None):
    """The frames of a traceback."""
    frames = [] if tb is None else list(_traceback.extract(tb))
    return StackSummary.from_list(_limited(frames, limit))


def extract_stack(f=None, limit=None):
    """The running calls, outermost first."""
    frames = list(_traceback.extract_stack(1))
    if limit is not None:
        frames = frames[-limit:] if limit >= 0 else frames[:-limit]
    return StackSummary.from_list(frames)


def format_list(extracted_list):
    """One string per frame."""
    return StackSummary.from_list(extracted_list).format()


def print_list(extracted_list, file=None):
    """Prints frames."""
    file = sys.stderr if file is None else file
    for item in format_list(extracted_list):
        print(item, file=file, end="")


def format_tb(tb, limit=None):
    """One string per frame of a traceback, with carets."""
    if tb is None:
        return []
    return _limited(list(_traceback.format_tb(tb)), limit)


def print_tb(tb, limit=None, file=None):
    """Prints the frames of a traceback."""
    file = sys.stderr if file is None else file
    for item in format_tb(tb, limit):
        print(item, file=file, end="")


def format_stack(f=None, limit=None):
    """One string per running call."""
    frames = list(_traceback.extract_stack(1))
    if limit is not None:
        frames = frames[-limit:] if limit >= 0 else frames[:-limit]
    return format_list(frames)


def print_stack(f=None, limit=None, file=None):
    """Prints the running calls."""
    frames = list(_traceback.extract_stack(1))
    if limit is not None:
        frames = frames[-limit:] if limit >= 0 else frames[:-limit]
    print_list(frames, file)


def _exception_of(exc, value):
    """The exception meant by `f(exc)` or by the older `f(type, value, tb)`."""
    if value is _absent:
        if exc is None or isinstance(exc, BaseException):
            return exc
        raise TypeError(f"Exception expected for value, {type(exc).__name__} found")
    return value


def _type_name(cls):
    module = cls.__module__
    if module in ("__main__", "builtins"):
        return cls.__qualname__
    if not isinstance(module, str):
        module = "<unknown>"
    return f"{module}.{cls.__qualname__}"


def _safe_text(value, what, convert=str):
    try:
        return convert(value)
    except Exception:
        return f"<{what} {convert.__name__}() failed>"


def format_exception_only(exc, /, value=_absent):
    """The last lines of a report: the type and the message."""
    value = _exception_of(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    name = _type_name(type(value))
    if isinstance(value, SyntaxError):
        lines = _syntax_error_lines(value, name)
    else:
        text = _safe_text(value, "exception")
        lines = [f"{name}: {text}\n" if text else f"{name}\n"]
    notes = getattr(value, "__notes__", None)
    if isinstance(notes, (list, tuple)):
        for note in notes:
            note = _safe_text(note, "note")
            lines.extend([line + "\n" for line in note.split("\n")])
    elif notes is not None:
        lines.append(f"{_safe_text(notes, '__notes__', repr)}\n")
    return lines


def _syntax_error_lines(value, name):
    lines = []
    if value.lineno is not None:
        lines.append(f'  File "{value.filename or "<string>"}", line {value.lineno}\n')
    elif value.filename is not None:
        name_suffix = f" ({value.filename})"
        return [f"{name}: {value.msg or '<no detail available>'}{name_suffix}\n"]
    if value.text is not None:
        whole = value.text.rstrip("\n")
        text = whole.lstrip(" \n\f")
        spaces = len(whole) - len(text)
        lines.append(f"    {text}\n")
        if value.offset is not None:
            offset = value.offset
            end = value.end_offset if value.end_offset not in (None, 0) else offset
            if offset == end or end == -1:
                end = offset + 1
            colno = offset - 1 - spaces
            end_colno = end - 1 - spaces
            if colno >= 0:
                blank = "".join([c if c.isspace() else " " for c in text[:colno]])
                lines.append(f"    {blank}{'^' * (end_colno - colno)}\n")
    lines.append(f"{name}: {value.msg or '<no detail available>'}\n")
    return lines


def format_exception(exc, /, value=_absent, tb=_absent, limit=None, chain=True):
    """The whole report as a list of strings."""
    explicit_tb = tb
    value = _exception_of(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    tb = value.__traceback__ if explicit_tb is _absent else explicit_tb
    if chain and limit is None and tb is value.__traceback__:
        return list(_traceback.format_exception(value))
    lines = []
    if chain:
        cause = value.__cause__
        context = value.__context__
        if cause is not None:
            lines += format_exception(cause, limit=limit)
            lines.append("\nThe above exception was the direct cause of the following "
                         "exception:\n\n")
        elif context is not None and not value.__suppress_context__:
            lines += format_exception(context, limit=limit)
            lines.append("\nDuring handling of the above exception, another exception "
                         "occurred:\n\n")
    if tb is not None:
        lines.append("Traceback (most recent call last):\n")
        lines += format_tb(tb, limit)
    return lines + format_exception_only(value)


def print_exception(exc, /, value=_absent, tb=_absent, limit=None, file=None, chain=True):
    """Prints the whole report, by default to stderr."""
    file = sys.stderr if file is None else file
    for line in format_exception(exc, value, tb, limit, chain):
        print(line, file=file, end="")


def print_exc(limit=None, file=None, chain=True):
    """Prints the report of the exception being handled."""
    print_exception(sys.exc_info()[1], limit=limit, file=file, chain=chain)


def format_exc(limit=None, chain=True):
    """The report of the exception being handled as one string."""
    return "".join(format_exception(sys.exc_info()[1], limit=limit, chain=chain))


def print_last(limit=None, file=None, chain=True):
    """Prints the report of the last exception that reached the top."""
    if not hasattr(sys, "last_value"):
        raise ValueError("no last exception")
    print_exception(sys.last_value, limit=limit, file=file, chain=chain)


def clear_frames(tb):
    """Does nothing: frames keep no local variables alive here."""


class TracebackException:
    """An exception and its chain, taken down for printing later."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None,
                 lookup_lines=True, capture_locals=False, compact=False,
                 max_group_width=15, max_group_depth=10, _seen=None):
        self.exc_type = exc_type
        self.stack = extract_tb(exc_traceback, limit)
        self._str = _safe_text(exc_value, "exception")
        self._only = format_exception_only(exc_value)
        self._frames = format_tb(exc_traceback, limit)
        self._has_tb = exc_traceback is not None
        self.__notes__ = getattr(exc_value, "__notes__", None)
        self.__suppress_context__ = exc_value.__suppress_context__
        seen = {id(exc_value)} if _seen is None else _seen | {id(exc_value)}
        self.__cause__ = self._of(exc_value.__cause__, limit, seen)
        self.__context__ = self._of(exc_value.__context__, limit, seen)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    def _of(self, exc, limit, seen):
        if exc is None or id(exc) in seen:
            return None
        return TracebackException(type(exc), exc, exc.__traceback__, limit=limit, _seen=seen)

    def __eq__(self, other):
        if isinstance(other, TracebackException):
            return self.__dict__ == other.__dict__
        return NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self):
        yield from self._only

    def format(self, *, chain=True):
        if chain:
            if self.__cause__ is not None:
                yield from self.__cause__.format(chain=chain)
                yield ("\nThe above exception was the direct cause of the following "
                       "exception:\n\n")
            elif self.__context__ is not None and not self.__suppress_context__:
                yield from self.__context__.format(chain=chain)
                yield ("\nDuring handling of the above exception, another exception "
                       "occurred:\n\n")
        if self._has_tb:
            yield "Traceback (most recent call last):\n"
            yield from self._frames
        yield from self._only

    def print(self, *, file=None, chain=True):
        file = sys.stderr if file is None else file
        for line in self.format(chain=chain):
            print(line, file=file, end="")
