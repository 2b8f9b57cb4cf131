"""Paths as objects."""

import io
import os
import posixpath

__all__ = ["PurePath", "PurePosixPath", "Path", "PosixPath"]

_S_IFMT = 0o170000


def _split_text(text):
    """(root, parts) of path text; POSIX gives two leading slashes their own meaning."""
    root = ""
    if text[:1] == "/":
        root = "//" if text[:2] == "//" and text[2:3] != "/" else "/"
    return root, [p for p in text.split("/") if p and p != "."]


class _Parents:
    """The folders above a path, nearest first."""

    def __init__(self, path):
        self._cls = type(path)
        self._root = path._root
        self._parts = path._names

    def __len__(self):
        return len(self._parts)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple([self[i] for i in range(*index.indices(len(self)))])
        if index >= len(self) or index < -len(self):
            raise IndexError(index)
        if index < 0:
            index += len(self)
        return self._cls._make(self._root, self._parts[:len(self._parts) - index - 1])

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]

    def __repr__(self):
        return f"<{self._cls.__name__}.parents>"


class PurePath:
    """A path as text only; nothing here touches the file system."""

    __slots__ = ("_root", "_names", "_text", "_hash")

    def __new__(cls, *args):
        if cls is PurePath:
            cls = PurePosixPath
        root = ""
        names = []
        for arg in args:
            if isinstance(arg, PurePath):
                part_root, part_names = arg._root, arg._names
            else:
                text = os.fspath(arg)
                if not isinstance(text, str):
                    raise TypeError(
                        "argument should be a str object or an os.PathLike "
                        f"object returning str, not {type(text)!r}")
                part_root, part_names = _split_text(text)
            if part_root:
                root = part_root
                names = []
            names = names + part_names
        return cls._make(root, names)

    @classmethod
    def _make(cls, root, names):
        self = object.__new__(cls)
        self._root = root
        self._names = names
        self._text = None
        self._hash = None
        return self

    def __reduce__(self):
        return self.__class__, tuple(self.parts)

    def __str__(self):
        text = self._text
        if text is None:
            text = self._text = self._root + "/".join(self._names) or "."
        return text

    def __fspath__(self):
        return str(self)

    def as_posix(self):
        """The path with forward slashes."""
        return str(self)

    def __bytes__(self):
        return os.fsencode(self)

    def __repr__(self):
        return f"{self.__class__.__name__}({str(self)!r})"

    def as_uri(self):
        """The path as a `file:` address."""
        if not self.is_absolute():
            raise ValueError("relative path can't be expressed as a file URI")
        safe = b"/_.-~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return "file://" + "".join([chr(b) if b in safe else f"%{b:02X}"
                                    for b in bytes(self)])

    def __eq__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self._names == other._names and self._root == other._root

    def __hash__(self):
        if self._hash is None:
            self._hash = hash((self._root, tuple(self._names)))
        return self._hash

    def __lt__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self.parts < other.parts

    def __le__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self.parts <= other.parts

    def __gt__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self.parts > other.parts

    def __ge__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self.parts >= other.parts

    __class_getitem__ = classmethod(type(list[int]))

    @property
    def drive(self):
        """Always empty: POSIX has no drives."""
        return ""

    @property
    def root(self):
        """`/`, or empty for a relative path."""
        return self._root

    @property
    def anchor(self):
        """The drive and the root."""
        return self._root

    @property
    def parts(self):
        """The root and the names as a tuple."""
        if self._root:
            return (self._root, *self._names)
        return tuple(self._names)

    @property
    def name(self):
        """The last name."""
        return self._names[-1] if self._names else ""

    @property
    def suffix(self):
        """The extension with its dot."""
        name = self.name
        i = name.rfind(".")
        return name[i:] if 0 < i < len(name) - 1 else ""

    @property
    def suffixes(self):
        """Every extension, as `['.tar', '.gz']`."""
        name = self.name
        if name.endswith("."):
            return []
        return ["." + suffix for suffix in name.lstrip(".").split(".")[1:]]

    @property
    def stem(self):
        """The last name without its extension."""
        name = self.name
        i = name.rfind(".")
        return name[:i] if 0 < i < len(name) - 1 else name

    @property
    def parent(self):
        """The folder above."""
        if not self._names:
            return self
        return self._make(self._root, self._names[:-1])

    @property
    def parents(self):
        """The folders above, nearest first."""
        return _Parents(self)

    def with_name(self, name):
        """The path with another last name."""
        if not self.name:
            raise ValueError("%r has an empty name" % (self,))
        if not name or "/" in name or name == ".":
            raise ValueError("Invalid name %r" % (name,))
        return self._make(self._root, self._names[:-1] + [name])

    def with_stem(self, stem):
        """The path with another last name and the same extension."""
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        """The path with another extension; empty removes it."""
        if "/" in suffix or suffix and not suffix.startswith(".") or suffix == ".":
            raise ValueError("Invalid suffix %r" % (suffix,))
        name = self.name
        if not name:
            raise ValueError("%r has an empty name" % (self,))
        old = self.suffix
        name = name + suffix if not old else name[:-len(old)] + suffix
        return self._make(self._root, self._names[:-1] + [name])

    def relative_to(self, *other):
        """The path as seen from another; ValueError if it is not below that."""
        if not other:
            raise TypeError("need at least one argument")
        base = type(self)(*other)
        n = len(base.parts)
        if self.parts[:n] != base.parts or base._root != self._root:
            raise ValueError(f"{str(self)!r} is not in the subpath of {str(base)!r}"
                             " OR one path is relative and the other is absolute.")
        return self._make("", list(self.parts[n:]))

    def is_relative_to(self, *other):
        """True if the path is below another."""
        try:
            self.relative_to(*other)
            return True
        except ValueError:
            return False

    def joinpath(self, *args):
        """The path with more parts; an absolute part starts anew."""
        return type(self)(self, *args)

    def __truediv__(self, key):
        try:
            return type(self)(self, key)
        except TypeError:
            return NotImplemented

    def __rtruediv__(self, key):
        try:
            return type(self)(key, self)
        except TypeError:
            return NotImplemented

    def is_absolute(self):
        """True if the path starts at the root."""
        return bool(self._root)

    def is_reserved(self):
        """Always False: POSIX reserves no names."""
        return False

    def match(self, path_pattern):
        """True if the end of the path, or all of it, matches a shell pattern."""
        import fnmatch
        root, patterns = _split_text(path_pattern)
        if not root and not patterns:
            raise ValueError("empty pattern")
        parts = self.parts
        if root:
            patterns = [root] + patterns
            if len(patterns) != len(parts):
                return False
        elif len(patterns) > len(parts):
            return False
        for part, pattern in zip(reversed(parts), reversed(patterns)):
            if not fnmatch.fnmatchcase(part, pattern):
                return False
        return True


class PurePosixPath(PurePath):
    """A pure path with POSIX rules."""
    __slots__ = ()


class Path(PurePath):
    """A path that can be asked about, read, written and walked."""

    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        if cls is Path:
            cls = PosixPath
        return PurePath.__new__(cls, *args)

    @classmethod
    def cwd(cls):
        """The current folder."""
        return cls(os.getcwd())

    @classmethod
    def home(cls):
        """The user's home folder."""
        return cls("~").expanduser()

    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        pass

    # asking

    def stat(self, *, follow_symlinks=True):
        """What `os.stat` says."""
        return os.stat(self, follow_symlinks=follow_symlinks)

    def lstat(self):
        """What `os.stat` says of the link itself."""
        return os.lstat(self)

    def exists(self):
        """True if the path leads to something."""
        return self._mode() != 0

    def _mode(self, follow=True):
        """The file type bits, or 0 if there is nothing."""
        try:
            return (os.stat(self) if follow else os.lstat(self)).st_mode & _S_IFMT
        except OSError as e:
            if not isinstance(e, (FileNotFoundError, NotADirectoryError)) \
                    and e.errno not in (9, 40):
                raise
            return 0
        except ValueError:
            # A path with a null byte names nothing.
            return 0

    def is_dir(self):
        return self._mode() == 0o040000

    def is_file(self):
        return self._mode() == 0o100000

    def is_symlink(self):
        return self._mode(follow=False) == 0o120000

    def is_socket(self):
        return self._mode() == 0o140000

    def is_fifo(self):
        return self._mode() == 0o010000

    def is_block_device(self):
        return self._mode() == 0o060000

    def is_char_device(self):
        return self._mode() == 0o020000

    def is_mount(self):
        """True for the root of a mounted file system."""
        return posixpath.ismount(self)

    def samefile(self, other_path):
        """True if both paths lead to one file."""
        return os.path.samefile(self, other_path)

    # walking

    def iterdir(self):
        """The paths of everything in the folder, in no particular order."""
        for name in os.listdir(self):
            yield self._make(self._root, self._names + [name])

    def glob(self, pattern):
        """Everything below that matches a pattern relative to this folder."""
        return self._glob(pattern, False)

    def rglob(self, pattern):
        """As `glob` with `**/` in front."""
        return self._glob(pattern, True)

    def _glob(self, pattern, recursive):
        if not pattern:
            raise ValueError("Unacceptable pattern: {!r}".format(pattern))
        root, parts = _split_text(pattern)
        if root:
            raise NotImplementedError("Non-relative patterns are unsupported")
        if recursive:
            parts = ["**"] + parts
        for part in parts:
            if "**" in part and part != "**":
                raise ValueError("Invalid pattern: '**' can only be an entire path component")
        only_dirs = pattern[-1] == "/"
        seen = set() if parts.count("**") > 1 else None
        for found in _select(self, parts):
            if only_dirs and not found.is_dir():
                continue
            if seen is not None:
                if found in seen:
                    continue
                seen.add(found)
            yield found

    # resolving

    def absolute(self):
        """The path from the root, without resolving links or `..`."""
        if self.is_absolute():
            return self
        return type(self)(os.getcwd(), self)

    def resolve(self, strict=False):
        """The path from the root with links and `..` resolved."""
        try:
            text = posixpath.realpath(self, strict=strict)
        except OSError as e:
            if e.errno == 40:
                raise RuntimeError("Symlink loop from %r" % e.filename)
            raise
        path = type(self)(text)
        if not strict:
            try:
                os.stat(path)
            except OSError as e:
                if e.errno == 40:
                    raise RuntimeError("Symlink loop from %r" % e.filename)
        return path

    def expanduser(self):
        """The path with a leading `~` replaced by the home folder."""
        if self._root or not self._names or self._names[0][:1] != "~":
            return self
        home = posixpath.expanduser(self._names[0])
        if home[:1] == "~":
            raise RuntimeError("Could not determine home directory.")
        return type(self)(home, *self._names[1:])

    def readlink(self):
        """Where the link points."""
        return type(self)(os.readlink(self))

    # files

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        """Opens the file, as the built-in does."""
        return io.open(self, mode, buffering, encoding, errors, newline)

    def read_bytes(self):
        """The whole content as bytes."""
        with self.open(mode="rb") as f:
            return f.read()

    def read_text(self, encoding=None, errors=None):
        """The whole content as text."""
        with self.open(mode="r", encoding=encoding, errors=errors) as f:
            return f.read()

    def write_bytes(self, data):
        """Replaces the content; returns how many bytes were written."""
        data = bytes(memoryview(data)) if not isinstance(data, bytes) else data
        with self.open(mode="wb") as f:
            return f.write(data)

    def write_text(self, data, encoding=None, errors=None, newline=None):
        """Replaces the content; returns how many characters were written."""
        if not isinstance(data, str):
            raise TypeError("data must be str, not %s" % data.__class__.__name__)
        with self.open(mode="w", encoding=encoding, errors=errors, newline=newline) as f:
            return f.write(data)

    def touch(self, mode=0o666, exist_ok=True):
        """Makes the file, or updates its times."""
        if exist_ok:
            try:
                os.utime(self, None)
            except OSError:
                # Nothing there yet: it is made below.
                pass
            else:
                return
        flags = os.O_CREAT | os.O_WRONLY
        if not exist_ok:
            flags |= os.O_EXCL
        os.close(os.open(self, flags, mode))

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        """Makes the folder."""
        try:
            os.mkdir(self, mode)
        except FileNotFoundError:
            if not parents or self.parent == self:
                raise
            self.parent.mkdir(parents=True, exist_ok=True)
            self.mkdir(mode, parents=False, exist_ok=exist_ok)
        except OSError:
            if not exist_ok or not self.is_dir():
                raise

    def chmod(self, mode, *, follow_symlinks=True):
        """Changes the permissions."""
        os.chmod(self, mode)

    def unlink(self, missing_ok=False):
        """Removes the file or link."""
        try:
            os.unlink(self)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def rmdir(self):
        """Removes the empty folder."""
        os.rmdir(self)

    def rename(self, target):
        """Renames; returns the new path."""
        os.rename(self, target)
        return type(self)(target)

    def replace(self, target):
        """Renames over whatever is there; returns the new path."""
        os.replace(self, target)
        return type(self)(target)

    def symlink_to(self, target, target_is_directory=False):
        """Makes this path a link to `target`."""
        os.symlink(target, self)

    def hardlink_to(self, target):
        """Makes this path a second name of `target`."""
        os.link(target, self)


class PosixPath(Path, PurePosixPath):
    """A path of this file system."""
    __slots__ = ()


def _scan(path):
    try:
        with os.scandir(path) as found:
            return list(found)
    except PermissionError:
        # What may not be read has nothing to match.
        return []


def _is_real_dir(entry):
    try:
        return entry.is_dir() and not entry.is_symlink()
    except OSError:
        return False


def _below(path):
    """The folder and every folder below it; links are not followed."""
    yield path
    for entry in _scan(path):
        if _is_real_dir(entry):
            yield from _below(path._make(path._root, path._names + [entry.name]))


def _select(path, parts):
    """The paths that the pattern parts reach from `path`."""
    if not path.is_dir():
        return
    yield from _select_in(path, parts)


def _select_in(path, parts):
    if not parts:
        yield path
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        seen = set()
        for folder in _below(path):
            for found in (_select_in(folder, rest) if rest else (folder,)):
                if found not in seen:
                    seen.add(found)
                    yield found
        return
    if not any(c in part for c in "*?["):
        found = path._make(path._root, path._names + [part])
        if rest:
            if found.is_dir():
                yield from _select_in(found, rest)
        elif found.exists():
            yield found
        return
    import fnmatch
    match = fnmatch._matcher(part)
    for entry in _scan(path):
        if not match(entry.name):
            continue
        if rest:
            try:
                if not entry.is_dir():
                    continue
            except OSError:
                continue
        found = path._make(path._root, path._names + [entry.name])
        yield from _select_in(found, rest)
