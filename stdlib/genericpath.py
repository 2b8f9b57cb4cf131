"""Questions about paths that only need `stat`."""

import _os


def exists(path):
    """True if the path leads to something; a broken link does not."""
    try:
        _os.stat(path)
    except (OSError, ValueError):
        return False
    return True


def _mode(path):
    try:
        return _os.stat(path).st_mode & 0o170000
    except (OSError, ValueError):
        return 0


def isfile(path):
    """True for a regular file."""
    return _mode(path) == 0o100000


def isdir(path):
    """True for a folder."""
    return _mode(path) == 0o040000


def getsize(filename):
    """The size in bytes."""
    return _os.stat(filename).st_size


def getmtime(filename):
    """When the content last changed, in seconds since the epoch."""
    return _os.stat(filename).st_mtime


def getatime(filename):
    """When the file was last read, in seconds since the epoch."""
    return _os.stat(filename).st_atime


def getctime(filename):
    """When the inode last changed, in seconds since the epoch."""
    return _os.stat(filename).st_ctime


def samestat(s1, s2):
    """True if both stat results are of one file."""
    return s1.st_ino == s2.st_ino and s1.st_dev == s2.st_dev


def samefile(f1, f2):
    """True if both paths lead to one file."""
    return samestat(_os.stat(f1), _os.stat(f2))


def sameopenfile(fp1, fp2):
    """True if both descriptors are of one file."""
    return samestat(_os.fstat(fp1), _os.fstat(fp2))


def commonprefix(m):
    """The longest common leading part, character by character."""
    if not m:
        return ""
    if not isinstance(m[0], (list, tuple)):
        m = tuple(map(_os.fspath, m))
    low = min(m)
    high = max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low
