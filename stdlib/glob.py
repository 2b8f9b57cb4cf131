"""Files and folders whose path matches a pattern."""

import os
import re
import fnmatch

__all__ = ["escape", "glob", "iglob"]


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    """Every path that matches; `**` spans folders if `recursive`."""
    return list(iglob(pathname, root_dir=root_dir, dir_fd=dir_fd, recursive=recursive,
                      include_hidden=include_hidden))


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    """An iterator over every path that matches."""
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")
    root = pathname[:0] if root_dir is None else os.fspath(root_dir)
    found = _expand(pathname, root, recursive, False, include_hidden)
    if not pathname or recursive and _is_recursive(pathname[:2]):
        # `**` matches the folder itself, as an empty path.
        first = next(found, None)
        if first is not None and first:
            found = _with_first(first, found)
    return found


def _with_first(first, rest):
    yield first
    yield from rest


def _expand(pathname, root, recursive, only_dirs, hidden):
    dirname, basename = os.path.split(pathname)
    if not has_magic(pathname):
        if basename:
            if os.path.lexists(_join(root, pathname)):
                yield pathname
        elif os.path.isdir(_join(root, dirname)):
            yield pathname
        return
    if not dirname:
        if recursive and _is_recursive(basename):
            yield from _recurse(root, basename, only_dirs, hidden)
        else:
            yield from _match(root, basename, only_dirs, hidden)
        return
    if dirname != pathname and has_magic(dirname):
        dirs = _expand(dirname, root, recursive, True, hidden)
    else:
        dirs = [dirname]
    for folder in dirs:
        for name in _in_folder(_join(root, folder), basename, recursive, only_dirs, hidden):
            yield os.path.join(folder, name)


def _in_folder(folder, basename, recursive, only_dirs, hidden):
    if not has_magic(basename):
        return _literal(folder, basename)
    if recursive and _is_recursive(basename):
        return _recurse(folder, basename, only_dirs, hidden)
    return _match(folder, basename, only_dirs, hidden)


def _match(folder, pattern, only_dirs, hidden):
    names = list(_entries(folder, pattern, only_dirs))
    if not (hidden or _is_hidden(pattern)):
        names = [n for n in names if not _is_hidden(n)]
    return fnmatch.filter(names, pattern)


def _literal(folder, basename):
    if basename:
        if os.path.lexists(_join(folder, basename)):
            return [basename]
    elif os.path.isdir(folder):
        # A pattern that ends in a slash matches folders only.
        return [basename]
    return []


def _recurse(folder, pattern, only_dirs, hidden):
    if not folder or os.path.isdir(folder):
        yield pattern[:0]
    yield from _below(folder, pattern, only_dirs, hidden)


def _below(folder, pattern, only_dirs, hidden):
    for name in list(_entries(folder, pattern, only_dirs)):
        if hidden or not _is_hidden(name):
            yield name
            for inner in _below(_join(folder, name), pattern, only_dirs, hidden):
                yield _join(name, inner)


def _entries(folder, like, only_dirs):
    if not folder:
        folder = os.fsencode(os.curdir) if isinstance(like, bytes) else os.curdir
    try:
        with os.scandir(folder) as found:
            for entry in found:
                try:
                    if not only_dirs or entry.is_dir():
                        yield entry.name
                except OSError:
                    pass
    except OSError:
        return


def _join(folder, name):
    if not folder or not name:
        return folder or name
    return os.path.join(folder, name)


_magic = re.compile("([*?[])")
_magic_bytes = re.compile(b"([*?[])")


def has_magic(s):
    """True if the text is a pattern and not a plain path."""
    return (_magic_bytes if isinstance(s, bytes) else _magic).search(s) is not None


def _is_hidden(name):
    return name[0] in (".", b"."[0])


def _is_recursive(pattern):
    return pattern == (b"**" if isinstance(pattern, bytes) else "**")


def escape(pathname):
    """The pattern that matches exactly this path."""
    if isinstance(pathname, bytes):
        return _magic_bytes.sub(rb"[\1]", pathname)
    return _magic.sub(r"[\1]", pathname)
