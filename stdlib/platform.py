"""What the program runs on."""

import sys
from _os import uname as _uname

__all__ = ["system", "node", "release", "version", "machine", "processor", "uname",
           "platform", "python_version", "python_version_tuple", "python_implementation",
           "architecture", "python_compiler", "python_build"]


def _result_type():
    from collections import namedtuple
    return namedtuple("uname_result", "system node release version machine processor",
                      module="platform")


def uname():
    """(system, node, release, version, machine, processor)."""
    u = _uname()
    return _result_type()(u.sysname, u.nodename, u.release, u.version, u.machine, "")


def system():
    """The name of the operating system: 'Linux', 'Darwin', …"""
    return _uname().sysname


def node():
    """The name of the computer in the network."""
    return _uname().nodename


def release():
    """The release of the operating system."""
    return _uname().release


def version():
    """The version of the operating system."""
    return _uname().version


def machine():
    """The kind of machine: 'x86_64', …"""
    return _uname().machine


def processor():
    """The processor, empty if it is not known."""
    return ""


def architecture(executable="", bits="", linkage=""):
    """(word size, format of programs)."""
    return "64bit", "ELF" if _uname().sysname == "Linux" else ""


def platform(aliased=False, terse=False):
    """System, release and machine as one text."""
    u = _uname()
    if terse:
        return f"{u.sysname}-{u.release}"
    return f"{u.sysname}-{u.release}-{u.machine}"


def python_version():
    """The version of the language, as '3.11.2'."""
    return "%d.%d.%d" % tuple(sys.version_info[:3])


def python_version_tuple():
    """The version of the language as three strings."""
    return tuple(python_version().split("."))


def python_implementation():
    """The name of the interpreter."""
    return {"cpython": "CPython"}.get(sys.implementation.name, sys.implementation.name)


def python_compiler():
    """The compiler that built the interpreter, empty if it is not known."""
    return ""


def python_build():
    """(build number, build date), empty if they are not known."""
    return "", ""
