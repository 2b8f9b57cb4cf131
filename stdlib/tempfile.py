"""Temporary files and folders."""

import os
from random import Random as _Random

__all__ = ["NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile",
           "TemporaryDirectory", "mkstemp", "mkdtemp", "mktemp", "TMP_MAX",
           "gettempprefix", "tempdir", "gettempdir", "gettempprefixb", "gettempdirb"]

TMP_MAX = 10000
template = "tmp"
tempdir = None
_names = None


def _random_name():
    global _names
    if _names is None:
        _names = _Random()
    return "".join(_names.choices("abcdefghijklmnopqrstuvwxyz0123456789_", k=8))


def gettempprefix():
    """The default start of names."""
    return template


def gettempprefixb():
    """The default start of names as bytes."""
    return os.fsencode(template)


def gettempdir():
    """The folder for temporary files: TMPDIR, TEMP, TMP, /tmp, …"""
    global tempdir
    if tempdir is None:
        tempdir = _find_tempdir()
    return os.fsdecode(tempdir)


def gettempdirb():
    """The folder for temporary files as bytes."""
    return os.fsencode(gettempdir())


def _find_tempdir():
    candidates = [os.getenv(name) for name in ("TMPDIR", "TEMP", "TMP")]
    candidates += ["/tmp", "/var/tmp", "/usr/tmp", os.getcwd()]
    for folder in candidates:
        if not folder:
            continue
        folder = os.path.abspath(folder)
        if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise FileNotFoundError(2, "No usable temporary directory found in %s" % candidates)


def _sanitize(prefix, suffix, dir):
    is_bytes = any(isinstance(p, bytes) for p in (prefix, suffix, dir))
    if is_bytes and any(isinstance(p, str) for p in (prefix, suffix, dir)):
        raise TypeError("Can't mix bytes and non-bytes in path components.")
    if prefix is None:
        prefix = gettempprefixb() if is_bytes else template
    if suffix is None:
        suffix = b"" if is_bytes else ""
    if dir is None:
        dir = gettempdirb() if is_bytes else gettempdir()
    return prefix, suffix, dir, is_bytes


def _candidates(prefix, suffix, dir, is_bytes):
    for _ in range(TMP_MAX):
        name = _random_name()
        if is_bytes:
            name = os.fsencode(name)
        yield os.path.join(dir, prefix + name + suffix)


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    """(descriptor, path) of a new file that nobody else can read."""
    prefix, suffix, dir, is_bytes = _sanitize(prefix, suffix, dir)
    for path in _candidates(prefix, suffix, dir, is_bytes):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        return fd, os.path.abspath(path)
    raise FileExistsError(17, "No usable temporary file name found")


def mkdtemp(suffix=None, prefix=None, dir=None):
    """The path of a new folder that nobody else can read."""
    prefix, suffix, dir, is_bytes = _sanitize(prefix, suffix, dir)
    for path in _candidates(prefix, suffix, dir, is_bytes):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(17, "No usable temporary directory name found")


def mktemp(suffix="", prefix=template, dir=None):
    """A name that is free at the moment; prefer `mkstemp`."""
    if dir is None:
        dir = gettempdir()
    for path in _candidates(prefix, suffix, dir, False):
        if not os.path.lexists(path):
            return path
    raise FileExistsError(17, "No usable temporary filename found")


class _TemporaryFileWrapper:
    """A file that is removed when it is closed."""

    def __init__(self, file, name, delete=True):
        self.file = file
        self.name = name
        self.delete = delete
        self._removed = False

    def __getattr__(self, name):
        file = self.__dict__["file"]
        return getattr(file, name)

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, exc, value, tb):
        result = self.file.__exit__(exc, value, tb)
        self._remove()
        return result

    def __iter__(self):
        for line in self.file:
            yield line

    def close(self):
        try:
            self.file.close()
        finally:
            self._remove()

    def _remove(self):
        if self.delete and not self._removed:
            self._removed = True
            os.unlink(self.name)

    def __del__(self):
        try:
            self.close()
        except OSError:
            # Somebody removed the file already.
            pass

    def __repr__(self):
        return repr(self.file)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None,
                       prefix=None, dir=None, delete=True, *, errors=None):
    """A new file with a name, removed when closed unless `delete` is false."""
    fd, name = mkstemp(suffix, prefix, dir)
    try:
        file = open(fd, mode, buffering, encoding, errors, newline)
    except BaseException:
        os.close(fd)
        os.unlink(name)
        raise
    return _TemporaryFileWrapper(file, name, delete)


def TemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None,
                  prefix=None, dir=None, *, errors=None):
    """A new file without a name."""
    fd, name = mkstemp(suffix, prefix, dir)
    os.unlink(name)
    return open(fd, mode, buffering, encoding, errors, newline)


class SpooledTemporaryFile:
    """Stays in memory until it has more than `max_size` bytes."""

    def __init__(self, max_size=0, mode="w+b", buffering=-1, encoding=None, newline=None,
                 suffix=None, prefix=None, dir=None, *, errors=None):
        import io
        self._max_size = max_size
        self._rolled = False
        self._args = (mode, buffering, encoding, newline, suffix, prefix, dir)
        self._errors = errors
        self._file = io.BytesIO() if "b" in mode else io.StringIO(newline=newline or "\n")

    def __getattr__(self, name):
        return getattr(self.__dict__["_file"], name)

    def __enter__(self):
        return self

    def __exit__(self, exc, value, tb):
        self._file.close()

    def __iter__(self):
        return iter(self._file)

    def _check(self):
        if not self._rolled and self._max_size and self._file.tell() > self._max_size:
            self.rollover()

    def rollover(self):
        """Moves the content to a file on disk."""
        if self._rolled:
            return
        old = self._file
        new = self._file = TemporaryFile(*self._args, errors=self._errors)
        pos = old.tell()
        new.write(old.getvalue())
        new.seek(pos, 0)
        self._rolled = True

    def fileno(self):
        self.rollover()
        return self._file.fileno()

    def write(self, s):
        result = self._file.write(s)
        self._check()
        return result

    def writelines(self, lines):
        self._file.writelines(lines)
        self._check()


class TemporaryDirectory:
    """A new folder, removed with all it holds at the end of the block."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)
        self._ignore_cleanup_errors = ignore_cleanup_errors
        self._removed = False

    def __repr__(self):
        return f"<{self.__class__.__name__} {self.name!r}>"

    def __enter__(self):
        return self.name

    def __exit__(self, exc, value, tb):
        self.cleanup()

    def cleanup(self):
        """Removes the folder now."""
        if self._removed:
            return
        self._removed = True
        if os.path.lexists(self.name):
            import shutil
            shutil.rmtree(self.name, ignore_errors=self._ignore_cleanup_errors)

    def __del__(self):
        if not self.__dict__.get("_removed", True):
            self.cleanup()

    __class_getitem__ = classmethod(type(list[int]))
