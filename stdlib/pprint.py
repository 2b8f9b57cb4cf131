"""Printing nested data so that it can be read."""

import sys

__all__ = ["pprint", "pformat", "isreadable", "isrecursive", "saferepr", "PrettyPrinter",
           "pp"]


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False,
           sort_dicts=True, underscore_numbers=False):
    """Prints `object`, broken into lines if it does not fit `width`."""
    PrettyPrinter(stream=stream, indent=indent, width=width, depth=depth, compact=compact,
                  sort_dicts=sort_dicts, underscore_numbers=underscore_numbers).pprint(object)


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
            underscore_numbers=False):
    """The text that `pprint` would print."""
    return PrettyPrinter(indent=indent, width=width, depth=depth, compact=compact,
                         sort_dicts=sort_dicts,
                         underscore_numbers=underscore_numbers).pformat(object)


def pp(object, *args, sort_dicts=False, **kwargs):
    """`pprint` that keeps the order of dicts."""
    pprint(object, *args, sort_dicts=sort_dicts, **kwargs)


def saferepr(object):
    """A repr that survives recursive containers."""
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[0]


def isreadable(object):
    """True if the repr could be evaluated again."""
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[1]


def isrecursive(object):
    """True if the object contains itself."""
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[2]


class _safe_key:
    """Orders things that cannot be compared, by type and identity."""

    __slots__ = ["obj"]

    def __init__(self, obj):
        self.obj = obj

    def __lt__(self, other):
        try:
            return self.obj < other.obj
        except TypeError:
            return ((str(type(self.obj)), id(self.obj))
                    < (str(type(other.obj)), id(other.obj)))


def _safe_tuple(t):
    return _safe_key(t[0]), _safe_key(t[1])


class PrettyPrinter:
    """Holds the options; subclasses may override `format`."""

    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False,
                 sort_dicts=True, underscore_numbers=False):
        indent = int(indent)
        width = int(width)
        if indent < 0:
            raise ValueError("indent must be >= 0")
        if depth is not None and depth <= 0:
            raise ValueError("depth must be > 0")
        if not width:
            raise ValueError("width must be != 0")
        self._depth = depth
        self._indent_per_level = indent
        self._width = width
        self._stream = sys.stdout if stream is None else stream
        self._compact = bool(compact)
        self._sort_dicts = sort_dicts
        self._underscore_numbers = underscore_numbers
        self._readable = True
        self._recursive = False

    def pprint(self, object):
        if self._stream is not None:
            self._stream.write(self.pformat(object) + "\n")

    def pformat(self, object):
        out = []
        self._format(object, out, 0, 0, {}, 0)
        return "".join(out)

    def isrecursive(self, object):
        return self.format(object, {}, 0, 0)[2]

    def isreadable(self, object):
        _, readable, recursive = self.format(object, {}, 0, 0)
        return readable and not recursive

    def format(self, object, context, maxlevels, level):
        """(text, can be read back, is recursive) on one line; may be overridden."""
        return self._safe_repr(object, context, maxlevels, level)

    def _repr(self, object, context, level):
        text, readable, recursive = self.format(object, context.copy(), self._depth, level)
        if not readable:
            self._readable = False
        if recursive:
            self._recursive = True
        return text

    def _format(self, object, out, indent, allowance, context, level):
        """Appends the text of `object`, which starts in column `indent`."""
        objid = id(object)
        if objid in context:
            out.append(_recursion(object))
            self._recursive = True
            self._readable = False
            return
        text = self._repr(object, context, level)
        room = self._width - indent - allowance
        if len(text) > room:
            printer = self._printer_of(object)
            if printer is not None:
                context[objid] = 1
                printer(object, out, indent, allowance, context, level + 1)
                del context[objid]
                return
        out.append(text)

    def _printer_of(self, object):
        cls = type(object)
        printer = _PRINTERS.get(getattr(cls, "__repr__", None))
        if printer is not None:
            return getattr(self, printer)
        late = _LATE_PRINTERS.get((cls.__module__, cls.__name__))
        if late is not None:
            return getattr(self, late)
        if _is_dataclass_instance(object):
            return self._print_dataclass
        return None

    # one printer per kind of object

    def _print_dict(self, object, out, indent, allowance, context, level):
        out.append("{")
        if self._indent_per_level > 1:
            out.append((self._indent_per_level - 1) * " ")
        if len(object):
            items = object.items()
            if self._sort_dicts:
                items = sorted(items, key=_safe_tuple)
            self._dict_items(items, out, indent, allowance + 1, context, level)
        out.append("}")

    def _print_ordered_dict(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        name = object.__class__.__name__
        out.append(name + "(")
        self._format(list(object.items()), out, indent + len(name) + 1, allowance + 1,
                     context, level)
        out.append(")")

    def _print_view_items(self, object, out, indent, allowance, context, level):
        name = object.__class__.__name__
        out.append(name + "(")
        self._format(list(object), out, indent + len(name) + 1, allowance + 1, context, level)
        out.append(")")

    def _print_list(self, object, out, indent, allowance, context, level):
        out.append("[")
        self._items(object, out, indent, allowance + 1, context, level)
        out.append("]")

    def _print_tuple(self, object, out, indent, allowance, context, level):
        end = ",)" if len(object) == 1 else ")"
        out.append("(")
        self._items(object, out, indent, allowance + len(end), context, level)
        out.append(end)

    def _print_set(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        cls = object.__class__
        if cls is set:
            out.append("{")
            end = "}"
        else:
            out.append(cls.__name__ + "({")
            end = "})"
            indent += len(cls.__name__) + 1
        self._items(sorted(object, key=_safe_key), out, indent, allowance + len(end),
                    context, level)
        out.append(end)

    def _print_str(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        import re
        chunks = []
        lines = object.splitlines(True)
        if level == 1:
            indent += 1
            allowance += 1
        max_width1 = max_width = self._width - indent
        text = ""
        for i, line in enumerate(lines):
            text = repr(line)
            last_line = i == len(lines) - 1
            if last_line:
                max_width1 -= allowance
            if len(text) <= max_width1:
                chunks.append(text)
                continue
            parts = re.findall(r"\S*\s*", line)
            parts.pop()
            max_width2 = max_width
            current = ""
            for j, part in enumerate(parts):
                candidate = current + part
                if j == len(parts) - 1 and last_line:
                    max_width2 -= allowance
                if len(repr(candidate)) > max_width2:
                    if current:
                        chunks.append(repr(current))
                    current = part
                else:
                    current = candidate
            if current:
                chunks.append(repr(current))
        if len(chunks) == 1:
            out.append(text)
            return
        if level == 1:
            out.append("(")
        out.append(("\n" + " " * indent).join(chunks))
        if level == 1:
            out.append(")")

    def _print_bytes(self, object, out, indent, allowance, context, level):
        if len(object) <= 4:
            out.append(repr(object))
            return
        parens = level == 1
        if parens:
            indent += 1
            allowance += 1
            out.append("(")
        delim = ""
        for text in _wrap_bytes(object, self._width - indent, allowance):
            out.append(delim + text)
            delim = "\n" + " " * indent
        if parens:
            out.append(")")

    def _print_bytearray(self, object, out, indent, allowance, context, level):
        out.append("bytearray(")
        self._print_bytes(bytes(object), out, indent + 10, allowance + 1, context, level + 1)
        out.append(")")

    def _print_mappingproxy(self, object, out, indent, allowance, context, level):
        out.append("mappingproxy(")
        self._format(object.copy(), out, indent + 13, allowance + 1, context, level)
        out.append(")")

    def _print_namespace(self, object, out, indent, allowance, context, level):
        cls = object.__class__
        name = "namespace" if cls is type(sys.implementation) else cls.__name__
        self._print_attributes(name, list(object.__dict__.items()), out, indent, allowance,
                               context, level)

    def _print_dataclass(self, object, out, indent, allowance, context, level):
        from dataclasses import fields
        items = [(f.name, getattr(object, f.name)) for f in fields(object) if f.repr]
        self._print_attributes(object.__class__.__name__, items, out, indent, allowance,
                               context, level)

    def _print_attributes(self, name, items, out, indent, allowance, context, level):
        indent += len(name) + 1
        out.append(name + "(")
        for i, (key, value) in enumerate(items):
            last = i == len(items) - 1
            out.append(f"{key}=")
            if id(value) in context:
                out.append("...")
            else:
                self._format(value, out, indent + len(key) + 1, allowance if last else 1,
                             context, level)
            if not last:
                out.append(",\n" + " " * indent)
        out.append(")")

    def _print_defaultdict(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        factory = self._repr(object.default_factory, context, level)
        name = object.__class__.__name__
        indent += len(name) + 1
        out.append(f"{name}({factory},\n{' ' * indent}")
        self._print_dict(object, out, indent, allowance + 1, context, level)
        out.append(")")

    def _print_counter(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        name = object.__class__.__name__
        out.append(name + "({")
        if self._indent_per_level > 1:
            out.append((self._indent_per_level - 1) * " ")
        self._dict_items(object.most_common(), out, indent + len(name) + 1, allowance + 2,
                         context, level)
        out.append("})")

    def _print_chain_map(self, object, out, indent, allowance, context, level):
        if not len(object.maps):
            out.append(repr(object))
            return
        name = object.__class__.__name__
        out.append(name + "(")
        indent += len(name) + 1
        for i, m in enumerate(object.maps):
            if i == len(object.maps) - 1:
                self._format(m, out, indent, allowance + 1, context, level)
                out.append(")")
            else:
                self._format(m, out, indent, 1, context, level)
                out.append(",\n" + " " * indent)

    def _print_deque(self, object, out, indent, allowance, context, level):
        if not len(object):
            out.append(repr(object))
            return
        name = object.__class__.__name__
        out.append(name + "(")
        indent += len(name) + 1
        out.append("[")
        if object.maxlen is None:
            self._items(object, out, indent, allowance + 2, context, level)
            out.append("])")
        else:
            self._items(object, out, indent, 2, context, level)
            maxlen = self._repr(object.maxlen, context, level)
            out.append(f"],\n{' ' * indent}maxlen={maxlen})")

    def _print_user(self, object, out, indent, allowance, context, level):
        self._format(object.data, out, indent, allowance, context, level - 1)

    # items of containers

    def _dict_items(self, items, out, indent, allowance, context, level):
        items = list(items)
        indent += self._indent_per_level
        delim = ",\n" + " " * indent
        for i, (key, value) in enumerate(items):
            last = i == len(items) - 1
            text = self._repr(key, context, level)
            out.append(text + ": ")
            self._format(value, out, indent + len(text) + 2, allowance if last else 1,
                         context, level)
            if not last:
                out.append(delim)

    def _items(self, items, out, indent, allowance, context, level):
        indent += self._indent_per_level
        if self._indent_per_level > 1:
            out.append((self._indent_per_level - 1) * " ")
        delim_line = ",\n" + " " * indent
        delim = ""
        width = max_width = self._width - indent + 1
        items = list(items)
        for i, item in enumerate(items):
            last = i == len(items) - 1
            if last:
                max_width -= allowance
                width -= allowance
            if self._compact:
                text = self._repr(item, context, level)
                w = len(text) + 2
                if width < w:
                    width = max_width
                    if delim:
                        delim = delim_line
                if width >= w:
                    width -= w
                    out.append(delim + text)
                    delim = ", "
                    continue
            out.append(delim)
            delim = delim_line
            self._format(item, out, indent, allowance if last else 1, context, level)

    # the one-line text

    def _safe_repr(self, object, context, maxlevels, level):
        cls = type(object)
        if cls in _SCALARS:
            return repr(object), True, False
        r = getattr(cls, "__repr__", None)
        if issubclass(cls, int) and r is int.__repr__:
            if self._underscore_numbers:
                return f"{object:_d}", True, False
            return repr(object), True, False
        if issubclass(cls, dict) and r is dict.__repr__:
            return self._safe_dict(object, context, maxlevels, level)
        if (issubclass(cls, list) and r is list.__repr__
                or issubclass(cls, tuple) and r is tuple.__repr__):
            return self._safe_sequence(object, context, maxlevels, level)
        text = repr(object)
        return text, bool(text) and not text.startswith("<"), False

    def _safe_dict(self, object, context, maxlevels, level):
        if not object:
            return "{}", True, False
        objid = id(object)
        if maxlevels and level >= maxlevels:
            return "{...}", False, objid in context
        if objid in context:
            return _recursion(object), False, True
        context[objid] = 1
        readable = True
        recursive = False
        parts = []
        items = object.items()
        if self._sort_dicts:
            items = sorted(items, key=_safe_tuple)
        for k, v in items:
            ktext, kreadable, krecursive = self.format(k, context, maxlevels, level + 1)
            vtext, vreadable, vrecursive = self.format(v, context, maxlevels, level + 1)
            parts.append(f"{ktext}: {vtext}")
            readable = readable and kreadable and vreadable
            recursive = recursive or krecursive or vrecursive
        del context[objid]
        return "{" + ", ".join(parts) + "}", readable, recursive

    def _safe_sequence(self, object, context, maxlevels, level):
        if isinstance(object, list):
            if not object:
                return "[]", True, False
            shape = "[%s]"
        elif len(object) == 1:
            shape = "(%s,)"
        else:
            if not object:
                return "()", True, False
            shape = "(%s)"
        objid = id(object)
        if maxlevels and level >= maxlevels:
            return shape % "...", False, objid in context
        if objid in context:
            return _recursion(object), False, True
        context[objid] = 1
        readable = True
        recursive = False
        parts = []
        for item in object:
            text, item_readable, item_recursive = self.format(
                item, context, maxlevels, level + 1)
            parts.append(text)
            readable = readable and item_readable
            recursive = recursive or item_recursive
        del context[objid]
        return shape % ", ".join(parts), readable, recursive


_SCALARS = frozenset({str, bytes, bytearray, float, bool, type(None)})

# The repr method of a class says how its objects look, also in subclasses.
_PRINTERS = {
    dict.__repr__: "_print_dict",
    list.__repr__: "_print_list",
    tuple.__repr__: "_print_tuple",
    set.__repr__: "_print_set",
    frozenset.__repr__: "_print_set",
    str.__repr__: "_print_str",
    bytes.__repr__: "_print_bytes",
    bytearray.__repr__: "_print_bytearray",
    type(type.__dict__).__repr__: "_print_mappingproxy",
    type(sys.implementation).__repr__: "_print_namespace",
}
_LATE_PRINTERS = {
    ("collections", "OrderedDict"): "_print_ordered_dict",
    ("collections", "defaultdict"): "_print_defaultdict",
    ("collections", "Counter"): "_print_counter",
    ("collections", "ChainMap"): "_print_chain_map",
    ("collections", "deque"): "_print_deque",
    ("collections", "UserDict"): "_print_user",
    ("collections", "UserList"): "_print_user",
    ("collections", "UserString"): "_print_user",
}


def _is_dataclass_instance(object):
    """True if a dataclass's generated repr would print the object."""
    cls = type(object)
    if not hasattr(cls, "__dataclass_fields__"):
        return False
    method = cls.__repr__
    return (getattr(method, "__module__", None) == "dataclasses"
            or "__create_fn__" in getattr(method, "__qualname__", ""))


def _recursion(object):
    return f"<Recursion on {type(object).__name__} with id={id(object)}>"


def _wrap_bytes(object, width, allowance):
    current = b""
    last = len(object) // 4 * 4
    for i in range(0, len(object), 4):
        part = object[i:i + 4]
        candidate = current + part
        if i == last:
            width -= allowance
        if len(repr(candidate)) > width:
            if current:
                yield repr(current)
            current = part
        else:
            current = candidate
    if current:
        yield repr(current)
