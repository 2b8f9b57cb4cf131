"""Shell patterns: `*`, `?`, `[seq]`, `[!seq]`."""

import re
from functools import lru_cache

__all__ = ["filter", "fnmatch", "fnmatchcase", "translate"]


def fnmatch(name, pat):
    """True if `name` matches; case matters, as in the file system."""
    return fnmatchcase(name, pat)


@lru_cache(maxsize=256, typed=True)
def _matcher(pat):
    if isinstance(pat, bytes):
        return re.compile(bytes(translate(str(pat, "ISO-8859-1")), "ISO-8859-1")).match
    return re.compile(translate(pat)).match


def filter(names, pat):
    """The names that match."""
    match = _matcher(pat)
    return [name for name in names if match(name)]


def fnmatchcase(name, pat):
    """True if `name` matches, with regard to case."""
    return _matcher(pat)(name) is not None


def _bracket(pat, i):
    """The regular expression for the set that starts after `[` at `i`, and where it ends."""
    j = i
    if pat[j:j + 1] == "!":
        j += 1
    if pat[j:j + 1] == "]":
        j += 1
    j = pat.find("]", j)
    if j < 0:
        return "\\[", i
    stuff = pat[i:j]
    if "-" not in stuff:
        stuff = stuff.replace("\\", r"\\")
    else:
        stuff = _ranges(pat, i, j)
    if not stuff:
        return "(?!)", j + 1
    if stuff == "!":
        return ".", j + 1
    stuff = re.sub(r"([&~|])", r"\\\1", stuff)
    if stuff[0] == "!":
        stuff = "^" + stuff[1:]
    elif stuff[0] in ("^", "["):
        stuff = "\\" + stuff
    return f"[{stuff}]", j + 1


def _ranges(pat, i, j):
    """Escapes the set pat[i:j] and drops ranges that run backwards."""
    chunks = []
    start = i
    k = i + 2 if pat[i] == "!" else i + 1
    while True:
        k = pat.find("-", k, j)
        if k < 0:
            break
        chunks.append(pat[start:k])
        start = k + 1
        k += 3
    last = pat[start:j]
    if last:
        chunks.append(last)
    else:
        chunks[-1] += "-"
    for n in range(len(chunks) - 1, 0, -1):
        if chunks[n - 1][-1] > chunks[n][0]:
            chunks[n - 1] = chunks[n - 1][:-1] + chunks[n][1:]
            del chunks[n]
    return "-".join(s.replace("\\", r"\\").replace("-", r"\-") for s in chunks)


def translate(pat):
    """The regular expression for a shell pattern.

    Each `*` between fixed parts becomes a lazy match that is never retried
    once the part after it was found, so that matching takes linear time.
    """
    star = object()
    parts = []
    i = 0
    while i < len(pat):
        c = pat[i]
        i += 1
        if c == "*":
            if not parts or parts[-1] is not star:
                parts.append(star)
        elif c == "?":
            parts.append(".")
        elif c == "[":
            text, i = _bracket(pat, i)
            parts.append(text)
        else:
            parts.append(re.escape(c))
    result = []
    at = 0
    while at < len(parts) and parts[at] is not star:
        result.append(parts[at])
        at += 1
    group = 0
    while at < len(parts):
        at += 1
        if at == len(parts):
            result.append(".*")
            break
        fixed = []
        while at < len(parts) and parts[at] is not star:
            fixed.append(parts[at])
            at += 1
        fixed = "".join(fixed)
        if at == len(parts):
            result.append(".*")
            result.append(fixed)
        else:
            result.append(f"(?>.*?{fixed})")
            group += 1
    return rf"(?s:{''.join(result)})\Z"
