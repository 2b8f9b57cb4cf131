"""The encoder of `json`, under its own name, and its text in pieces."""

from _json import dumps, encode_basestring, encode_basestring_ascii
from json import JSONEncoder

__all__ = ["JSONEncoder"]


def pieces(encoder, value):
    """The text of `value` as `iterencode` gives it: bit by bit."""
    return _Pieces(encoder).of(value, 0)


class _Pieces:
    def __init__(self, encoder):
        self.encoder = encoder
        self.quote = encode_basestring_ascii if encoder.ensure_ascii else encode_basestring
        indent = encoder.indent
        self.indent = " " * indent if indent is not None and not isinstance(indent, str) else indent
        self.open = set()

    def of(self, value, level):
        """The pieces of any value."""
        text = self.scalar(value)
        if text is not None:
            yield text
        elif isinstance(value, (list, tuple)):
            yield from self.array(value, level)
        elif isinstance(value, dict):
            yield from self.object(value, level)
        else:
            self.enter(value)
            yield from self.of(self.encoder.default(value), level)
            self.open.discard(id(value))

    def scalar(self, value):
        """The text of a string, number or constant; None for the rest."""
        if isinstance(value, str):
            return self.quote(value)
        if value is None or isinstance(value, (bool, int)):
            return dumps(value)
        if isinstance(value, float):
            if not self.encoder.allow_nan and (value != value or value - value != 0):
                raise ValueError("Out of range float values are not JSON compliant")
            return dumps(value)
        return None

    def enter(self, value):
        if self.encoder.check_circular:
            if id(value) in self.open:
                raise ValueError("Circular reference detected")
            self.open.add(id(value))

    def line(self, level):
        return "" if self.indent is None else "\n" + self.indent * level

    def array(self, items, level):
        if not items:
            yield "[]"
            return
        self.enter(items)
        start = "[" + self.line(level + 1)
        separator = self.encoder.item_separator + self.line(level + 1)
        for item in items:
            text = self.scalar(item)
            if text is not None:
                yield start + text
            else:
                yield start
                yield from self.of(item, level + 1)
            start = separator
        if self.indent is not None:
            yield self.line(level)
        yield "]"
        self.open.discard(id(items))

    def object(self, mapping, level):
        if not mapping:
            yield "{}"
            return
        self.enter(mapping)
        yield "{"
        if self.indent is not None:
            yield self.line(level + 1)
        separator = self.encoder.item_separator + self.line(level + 1)
        first = True
        items = mapping.items()
        for key, value in sorted(items) if self.encoder.sort_keys else items:
            if not isinstance(key, str):
                if key is None or isinstance(key, (int, float)):
                    key = self.scalar(key)
                elif self.encoder.skipkeys:
                    continue
                else:
                    raise TypeError("keys must be str, int, float, bool or None, "
                                    f"not {key.__class__.__name__}")
            if first:
                first = False
            else:
                yield separator
            yield self.quote(key)
            yield self.encoder.key_separator
            text = self.scalar(value)
            if text is not None:
                yield text
            else:
                yield from self.of(value, level + 1)
        if self.indent is not None:
            yield self.line(level)
        yield "}"
        self.open.discard(id(mapping))
