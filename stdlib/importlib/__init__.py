"""Importing modules by name."""

import sys

__all__ = ["import_module", "invalidate_caches"]


def import_module(name, package=None):
    """The module of an absolute or, given a package, relative name."""
    level = len(name) - len(name.lstrip("."))
    if level:
        if not package:
            raise TypeError("the 'package' argument is required to perform a relative "
                            f"import for {name!r}")
        parts = package.rsplit(".", level - 1)
        if len(parts) < level:
            raise ImportError("attempted relative import beyond top-level package")
        base = parts[0]
        name = f"{base}.{name[level:]}" if name[level:] else base
    __import__(name)
    return sys.modules[name]


def invalidate_caches():
    """Does nothing: folders are read at every import."""
