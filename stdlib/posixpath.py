"""Operations on POSIX path names."""

import _os
from genericpath import (
    commonprefix, exists, getatime, getctime, getmtime, getsize, isdir, isfile,
    samefile, sameopenfile, samestat,
)

__all__ = [
    "normcase", "isabs", "join", "splitdrive", "split", "splitext", "basename",
    "dirname", "commonprefix", "getsize", "getmtime", "getatime", "getctime",
    "islink", "exists", "lexists", "isdir", "isfile", "ismount", "expanduser",
    "expandvars", "normpath", "abspath", "samefile", "sameopenfile", "samestat",
    "curdir", "pardir", "sep", "pathsep", "defpath", "altsep", "extsep",
    "devnull", "realpath", "supports_unicode_filenames", "relpath", "commonpath",
]

curdir = "."
pardir = ".."
extsep = "."
sep = "/"
pathsep = ":"
defpath = "/bin:/usr/bin"
altsep = None
devnull = "/dev/null"
supports_unicode_filenames = False

_fspath = _os.fspath


def _sep_of(path):
    return b"/" if isinstance(path, bytes) else "/"


def _check_types(funcname, *args):
    """Raises the TypeError for arguments that are not all str or all bytes."""
    has_str = has_bytes = False
    for s in args:
        if isinstance(s, str):
            has_str = True
        elif isinstance(s, bytes):
            has_bytes = True
        else:
            raise TypeError(f"{funcname}() argument must be str, bytes, or os.PathLike object, "
                            f"not {s.__class__.__name__!r}") from None
    if has_str and has_bytes:
        raise TypeError("Can't mix strings and bytes in path components") from None


def normcase(s):
    """The path itself: case matters."""
    return _fspath(s)


def isabs(s):
    """True if the path starts at the root."""
    s = _fspath(s)
    return s.startswith(_sep_of(s))


def join(a, *p):
    """Joins parts; an absolute part discards what came before it."""
    a = _fspath(a)
    slash = _sep_of(a)
    path = a
    try:
        if not p:
            path[:0] + slash
        for b in map(_fspath, p):
            if b.startswith(slash):
                path = b
            elif not path or path.endswith(slash):
                path += b
            else:
                path += slash + b
    except (TypeError, AttributeError):
        _check_types("join", a, *p)
        raise
    return path


def split(p):
    """(everything before the last part, the last part)."""
    p = _fspath(p)
    slash = _sep_of(p)
    i = p.rfind(slash) + 1
    head, tail = p[:i], p[i:]
    stripped = head.rstrip(slash)
    return stripped or head, tail


def splitext(p):
    """(the path without its extension, the extension with its dot)."""
    p = _fspath(p)
    slash = _sep_of(p)
    dot = b"." if isinstance(p, bytes) else "."
    start = p.rfind(slash) + 1
    at = p.rfind(dot)
    # A leading dot, or several, does not begin an extension.
    if at > start and p[start:at].strip(dot):
        return p[:at], p[at:]
    return p, p[:0]


def splitdrive(p):
    """('', path): POSIX has no drives."""
    p = _fspath(p)
    return p[:0], p


def basename(p):
    """The last part."""
    p = _fspath(p)
    return p[p.rfind(_sep_of(p)) + 1:]


def dirname(p):
    """Everything before the last part."""
    return split(p)[0]


def islink(path):
    """True for a symbolic link."""
    try:
        return _os.lstat(path).st_mode & 0o170000 == 0o120000
    except (OSError, ValueError, AttributeError):
        return False


def lexists(path):
    """True if the path exists, be it a broken link."""
    try:
        _os.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def ismount(path):
    """True for the root of a mounted file system."""
    try:
        here = _os.lstat(path)
    except (OSError, ValueError):
        return False
    if here.st_mode & 0o170000 == 0o120000:
        return False
    path = _fspath(path)
    parent = join(path, b".." if isinstance(path, bytes) else "..")
    try:
        above = _os.lstat(realpath(parent))
    except (OSError, ValueError):
        return False
    return here.st_dev != above.st_dev or here.st_ino == above.st_ino


def expanduser(path):
    """Replaces a leading `~` by the home folder."""
    path = _fspath(path)
    tilde = b"~" if isinstance(path, bytes) else "~"
    if not path.startswith(tilde):
        return path
    slash = _sep_of(path)
    i = path.find(slash, 1)
    if i < 0:
        i = len(path)
    if i != 1:
        # Other users' homes would need the password database.
        return path
    from os import environ
    home = environ.get("HOME")
    if home is None:
        return path
    if isinstance(path, bytes):
        home = home.encode("utf-8", "surrogateescape")
    return home.rstrip(slash) + path[i:] or slash


def expandvars(path):
    """Replaces `$name` and `${name}` by environment variables that are set."""
    path = _fspath(path)
    if isinstance(path, bytes):
        return expandvars(path.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape")
    if "$" not in path:
        return path
    import re
    from os import environ

    def value(match):
        name = match.group(1)
        if name.startswith("{") and name.endswith("}"):
            name = name[1:-1]
        return environ.get(name, match.group(0))

    return re.sub(r"\$(\w+|\{[^}]*\})", value, path, flags=re.ASCII)


def normpath(path):
    """Removes `.`, resolves `..` by name and collapses slashes."""
    path = _fspath(path)
    if isinstance(path, bytes):
        slash, empty, dot, dotdot = b"/", b"", b".", b".."
    else:
        slash, empty, dot, dotdot = "/", "", ".", ".."
    if path == empty:
        return dot
    # POSIX gives exactly two leading slashes a meaning of their own.
    leading = 0
    if path.startswith(slash):
        leading = 2 if path.startswith(slash * 2) and not path.startswith(slash * 3) else 1
    parts = []
    for part in path.split(slash):
        if part in (empty, dot):
            continue
        if part != dotdot or not leading and not parts or parts and parts[-1] == dotdot:
            parts.append(part)
        elif parts:
            parts.pop()
    return slash * leading + slash.join(parts) or dot


def abspath(path):
    """The normalised path from the root."""
    path = _fspath(path)
    if not isabs(path):
        cwd = _os.getcwd()
        if isinstance(path, bytes):
            cwd = cwd.encode("utf-8", "surrogateescape")
        path = join(cwd, path)
    return normpath(path)


def realpath(filename, *, strict=False):
    """The path with every symbolic link followed."""
    filename = _fspath(filename)
    path, _ = _follow(filename[:0], filename, strict, {})
    return abspath(path)


def _follow(path, rest, strict, seen):
    """Appends `rest` to `path` link by link; False if a loop was met."""
    if isinstance(path, bytes):
        slash, dot, dotdot = b"/", b".", b".."
    else:
        slash, dot, dotdot = "/", ".", ".."
    if isabs(rest):
        rest = rest[1:]
        path = slash
    while rest:
        name, _, rest = rest.partition(slash)
        if not name or name == dot:
            continue
        if name == dotdot:
            if path:
                path, name = split(path)
                if name == dotdot:
                    path = join(path, dotdot, dotdot)
            else:
                path = dotdot
            continue
        newpath = join(path, name)
        try:
            is_link = _os.lstat(newpath).st_mode & 0o170000 == 0o120000
        except OSError:
            if strict:
                raise
            is_link = False
        if not is_link:
            path = newpath
            continue
        if newpath in seen:
            path = seen[newpath]
            if path is not None:
                continue
            if strict:
                # Raises the OSError for the loop.
                _os.stat(newpath)
            return join(newpath, rest), False
        seen[newpath] = None
        path, ok = _follow(path, _os.readlink(newpath), strict, seen)
        if not ok:
            return join(path, rest), False
        seen[newpath] = path
    return path, True


def relpath(path, start=None):
    """The path as seen from `start`, by default the current folder."""
    if not path:
        raise ValueError("no path specified")
    path = _fspath(path)
    if isinstance(path, bytes):
        dot, slash, dotdot = b".", b"/", b".."
    else:
        dot, slash, dotdot = ".", "/", ".."
    start = dot if start is None else _fspath(start)
    try:
        start_parts = [x for x in abspath(start).split(slash) if x]
        path_parts = [x for x in abspath(path).split(slash) if x]
        shared = len(commonprefix([start_parts, path_parts]))
    except (TypeError, AttributeError):
        _check_types("relpath", path, start)
        raise
    parts = [dotdot] * (len(start_parts) - shared) + path_parts[shared:]
    return join(*parts) if parts else dot


def commonpath(paths):
    """The longest common folder of the paths."""
    if not paths:
        raise ValueError("commonpath() arg is an empty sequence")
    paths = tuple(map(_fspath, paths))
    if isinstance(paths[0], bytes):
        slash, dot = b"/", b"."
    else:
        slash, dot = "/", "."
    try:
        split_paths = [path.split(slash) for path in paths]
        rooted = {p[:1] == slash for p in paths}
        if len(rooted) != 1:
            raise ValueError("Can't mix absolute and relative paths")
        split_paths = [[c for c in s if c and c != dot] for s in split_paths]
        common = commonprefix(split_paths)
        prefix = slash if rooted.pop() else slash[:0]
        return prefix + slash.join(common)
    except (TypeError, AttributeError):
        _check_types("commonpath", *paths)
        raise
