"""Help on live objects: signatures, docstrings, members."""

import inspect

__all__ = ["help", "render_doc", "getdoc"]


def getdoc(thing):
    """The cleaned docstring; empty without one."""
    return inspect.getdoc(thing) or ""


def help(thing=None):
    """Prints what is known about an object; a text names a module."""
    if thing is None:
        print("help(object) shows what is known about an object: its signature, its docstring, its members.")
        return
    print(render_doc(thing), end="")


def render_doc(thing, title="Help on %s:"):
    """The text that `help` prints."""
    if isinstance(thing, str):
        import importlib
        try:
            thing = importlib.import_module(thing)
        except ImportError:
            return "No Python documentation found for " + repr(thing) + ".\n"
    lines = [title % _describe(thing), ""]
    if inspect.ismodule(thing):
        lines += _module(thing)
    elif inspect.isclass(thing):
        lines += _class(thing)
    elif callable(thing) and hasattr(thing, "__name__"):
        lines += _routine(thing)
    else:
        lines += _class(type(thing))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _describe(thing):
    name = getattr(thing, "__name__", None)
    module = getattr(thing, "__module__", None)
    place = " in module " + module if module else ""
    if inspect.ismodule(thing):
        return ("package " if hasattr(thing, "__path__") else "module ") + name
    if inspect.isclass(thing):
        return "class " + name + place
    if inspect.ismethod(thing):
        return "method " + name + place
    if inspect.isbuiltin(thing):
        return "built-in function " + name + place
    if inspect.isroutine(thing):
        return ("function " if inspect.isfunction(thing) else "method ") + name + place
    if name is None or not callable(thing):
        return type(thing).__name__ + " in module " + type(thing).__module__ + " object"
    return name + place


def _signature(thing):
    try:
        return str(inspect.signature(thing))
    except (TypeError, ValueError):
        return "(...)"


def _indented(text, margin):
    return [margin + line for line in text.split("\n")] if text else []


def _routine(thing, name=None):
    return [(name or thing.__name__) + _signature(thing)] + _indented(getdoc(thing), "    ")


def _members(cls):
    """(kind, name, value) of what a class itself defines for its users."""
    found = []
    for name, value in sorted(cls.__dict__.items()):
        if name.startswith("_") and name not in ("__init__", "__call__", "__getitem__", "__len__"):
            continue
        if isinstance(value, property):
            found.append(("Properties defined here:", name, value))
        elif isinstance(value, staticmethod):
            found.append(("Static methods defined here:", name, value.__func__))
        elif isinstance(value, classmethod):
            found.append(("Class methods defined here:", name, value.__func__))
        elif callable(value) and not inspect.isclass(value):
            found.append(("Methods defined here:", name, value))
        elif not callable(value) and not name.startswith("_"):
            found.append(("Data and other attributes defined here:", name, value))
    return found


def _class(cls):
    bases = ", ".join(base.__name__ if base.__module__ == cls.__module__ else base.__module__ + "." + base.__name__ for base in cls.__bases__)
    lines = ["class " + cls.__name__ + "(" + bases + ")"]
    body = [cls.__name__ + _signature(cls), ""]
    documentation = cls.__dict__.get("__doc__")
    if isinstance(documentation, str):
        body += inspect.cleandoc(documentation).split("\n") + [""]
    body += ["Method resolution order:"] + ["    " + base.__name__ for base in cls.__mro__] + [""] if len(cls.__mro__) > 2 else []
    members = _members(cls)
    for heading in sorted(set(kind for kind, _, _ in members), key=["Methods defined here:", "Class methods defined here:",
                                                                    "Static methods defined here:", "Properties defined here:",
                                                                    "Data and other attributes defined here:"].index):
        body += [heading, ""]
        for kind, name, value in members:
            if kind != heading:
                continue
            if kind.startswith("Properties"):
                body += [name] + _indented(getdoc(value), "    ")
            elif kind.startswith("Data"):
                text = repr(value)
                body.append(name + " = " + (text if len(text) <= 60 else text[:57] + "..."))
            else:
                body += _routine(value, name)
            body.append("")
    while body and not body[-1]:
        body.pop()
    return lines + [" |  " + line for line in body]


def _module(module):
    documentation = getdoc(module)
    first, _, rest = documentation.partition("\n")
    lines = ["NAME", "    " + module.__name__ + (" - " + first if first else ""), ""]
    if rest.strip():
        lines += ["DESCRIPTION"] + _indented(rest.strip(), "    ") + [""]
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    groups = {"CLASSES": [], "FUNCTIONS": [], "DATA": []}
    for name in sorted(names):
        value = getattr(module, name, None)
        if inspect.ismodule(value):
            continue
        if inspect.isclass(value):
            groups["CLASSES"].append("    " + name + _signature(value))
        elif inspect.isroutine(value):
            groups["FUNCTIONS"].append("    " + name + _signature(value))
            summary = getdoc(value).split("\n")[0]
            if summary:
                groups["FUNCTIONS"].append("        " + summary)
        else:
            text = repr(value)
            groups["DATA"].append("    " + name + " = " + (text if len(text) <= 60 else text[:57] + "..."))
    for heading, entries in groups.items():
        if entries:
            lines += [heading] + entries + [""]
    if getattr(module, "__file__", None):
        lines += ["FILE", "    " + module.__file__, ""]
    return lines[:-1]
