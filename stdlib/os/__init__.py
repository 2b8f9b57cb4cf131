"""Files, folders, processes and the environment.

What this module expects of the native `_os` (names and behaviour of CPython's
`posix`; failures raise the OSError subclass for the error number, with
`errno`, `strerror` and `filename` set; every path argument may be str, bytes
or an object with `__fspath__`; every result that is a path has the type of
the argument):

  access(path, mode)  chdir(path)  chmod(path, mode)  close(fd)  cpu_count()
  dup(fd)  environ (a dict of str that is the process environment at start)
  fspath(path)  fstat(fd)  fsync(fd)  ftruncate(fd, length)  getcwd()
  get_terminal_size(fd=1)  getpid()  getppid()  getuid()  getgid()  getloadavg()
  isatty(fd)  kill(pid, sig)  link(src, dst)  listdir(path='.')  lseek(fd, pos, how)
  lstat(path)  mkdir(path, mode=0o777)  open(path, flags, mode=0o777)  pipe()
  putenv(key, value)  read(fd, n)  readlink(path)  remove(path)  rename(src, dst)
  replace(src, dst)  rmdir(path)  scandir(path='.')  sched_getaffinity(pid)
  stat(path, *, follow_symlinks=True)  stat_result  statvfs(path)  strerror(code)
  symlink(src, dst)  sync()  system(command)  terminal_size  times()
  truncate(path, length)  umask(mask)  uname()  unlink(path)  unsetenv(key)
  urandom(n)  utime(path, times=None, *, ns=None)  write(fd, data)  _exit(status)
  and the integer constants F_OK R_OK W_OK X_OK O_RDONLY O_WRONLY O_RDWR O_CREAT
  O_EXCL O_TRUNC O_APPEND EX_OK.

`scandir` yields entries with `name`, `path`, `inode()`, `is_dir()`,
`is_file()`, `is_symlink()` and `stat()` and is a context manager.
"""

import sys
import _os
from _os import (
    EX_OK, F_OK, O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY,
    R_OK, W_OK, X_OK, _exit, access, chdir, chmod, close, cpu_count, dup, fspath,
    fstat, fsync, ftruncate, get_terminal_size, getcwd, getgid, getloadavg, getpid,
    getppid, getuid, isatty, kill, link, listdir, lseek, lstat, mkdir, open, pipe,
    putenv, read, readlink, remove, rename, replace, rmdir, scandir,
    sched_getaffinity, stat, stat_result, statvfs, strerror, symlink, sync, system,
    terminal_size, times, truncate, umask, uname, unlink, unsetenv, urandom, utime,
    write,
)
import posixpath as path
from posixpath import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

sys.modules["os.path"] = path

name = "posix"
linesep = "\n"
error = OSError
SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2


class _Environ:
    """The environment as a mapping of str to str; writes reach the process."""

    def __init__(self, data):
        self._data = data

    def __getitem__(self, key):
        try:
            return self._data[_text_key(key)]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key, value):
        key = _text_key(key)
        if not isinstance(value, str):
            raise TypeError("str expected, not %s" % type(value).__name__)
        putenv(key, value)
        self._data[key] = value

    def __delitem__(self, key):
        key = _text_key(key)
        unsetenv(key)
        try:
            del self._data[key]
        except KeyError:
            raise KeyError(key) from None

    def __iter__(self):
        return iter(list(self._data))

    def __len__(self):
        return len(self._data)

    def __contains__(self, key):
        return isinstance(key, str) and key in self._data

    def __eq__(self, other):
        if isinstance(other, _Environ):
            return self._data == other._data
        if isinstance(other, dict):
            return self._data == other
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        shown = ", ".join(f"{key!r}: {value!r}" for key, value in self._data.items())
        return f"environ({{{shown}}})"

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def keys(self):
        return self._data.keys()

    def values(self):
        return self._data.values()

    def items(self):
        return self._data.items()

    def copy(self):
        return dict(self._data)

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    _absent = object()

    def pop(self, key, default=_absent):
        try:
            value = self[key]
        except KeyError:
            if default is _Environ._absent:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        for key in self._data:
            return key, self.pop(key)
        raise KeyError

    def clear(self):
        for key in list(self._data):
            del self[key]

    def update(self, other=(), /, **kwds):
        pairs = other.items() if hasattr(other, "items") else other
        for key, value in pairs:
            self[key] = value
        for key, value in kwds.items():
            self[key] = value

    def __or__(self, other):
        if not isinstance(other, (dict, _Environ)):
            return NotImplemented
        merged = dict(self._data)
        merged.update(other)
        return merged

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        merged = dict(other)
        merged.update(self._data)
        return merged

    def __ior__(self, other):
        self.update(other)
        return self


def _text_key(key):
    if not isinstance(key, str):
        raise TypeError("str expected, not %s" % type(key).__name__)
    return key


environ = _Environ(dict(_os.environ))


def getenv(key, default=None):
    """An environment variable, or `default`."""
    return environ.get(key, default)


class PathLike:
    """Base of objects with `__fspath__`; any class that has it counts."""

    def __fspath__(self):
        raise NotImplementedError

    def __class_instancecheck__(cls, instance):
        return cls is PathLike and hasattr(type(instance), "__fspath__")

    def __class_subclasscheck__(cls, subclass):
        return cls is PathLike and hasattr(subclass, "__fspath__")

    __class_getitem__ = classmethod(type(list[int]))


def fsencode(filename):
    """The bytes of a path."""
    filename = fspath(filename)
    if isinstance(filename, str):
        return filename.encode("utf-8", "surrogateescape")
    return filename


def fsdecode(filename):
    """The text of a path."""
    filename = fspath(filename)
    if isinstance(filename, bytes):
        return filename.decode("utf-8", "surrogateescape")
    return filename


def fdopen(fd, mode="r", buffering=-1, encoding=None, *args, **kwargs):
    """A file object for a descriptor."""
    if not isinstance(fd, int):
        raise TypeError("invalid fd type (%s, expected integer)" % type(fd))
    import io
    return io.open(fd, mode, buffering, encoding, *args, **kwargs)


def makedirs(name, mode=0o777, exist_ok=False):
    """Makes a folder and every missing one above it."""
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            # Someone else made it meanwhile.
            pass
        here = b"." if isinstance(tail, bytes) else "."
        if tail == here:
            return
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def removedirs(name):
    """Removes a folder, then every folder above it that became empty."""
    rmdir(name)
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    while head and tail:
        try:
            rmdir(head)
        except OSError:
            break
        head, tail = path.split(head)


def renames(old, new):
    """Renames, making the target's folders and pruning the source's."""
    head, tail = path.split(new)
    if head and tail and not path.exists(head):
        makedirs(head)
    rename(old, new)
    head, tail = path.split(old)
    if head and tail:
        try:
            removedirs(head)
        except OSError:
            pass


def walk(top, topdown=True, onerror=None, followlinks=False):
    """(folder, names of folders, names of files) for a tree.

    In a top-down walk the caller may change the list of folders in place.
    """
    return _walk(fspath(top), topdown, onerror, followlinks)


def _walk(top, topdown, onerror, followlinks):
    dirs = []
    files = []
    descend = []
    try:
        with scandir(top) as entries:
            for entry in entries:
                try:
                    is_dir = entry.is_dir()
                except OSError:
                    is_dir = False
                if not is_dir:
                    files.append(entry.name)
                    continue
                dirs.append(entry.name)
                if not topdown and (followlinks or not _is_link(entry)):
                    descend.append(entry.path)
    except OSError as error:
        if onerror is not None:
            onerror(error)
        return
    if topdown:
        yield top, dirs, files
        for name in dirs:
            new = path.join(top, name)
            if followlinks or not path.islink(new):
                yield from _walk(new, topdown, onerror, followlinks)
    else:
        for new in descend:
            yield from _walk(new, topdown, onerror, followlinks)
        yield top, dirs, files


def _is_link(entry):
    try:
        return entry.is_symlink()
    except OSError:
        return False


def get_exec_path(env=None):
    """The folders searched for programs."""
    value = (environ if env is None else env).get("PATH")
    return (defpath if value is None else value).split(pathsep)
