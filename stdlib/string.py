"""Constants, templates and custom string formatting."""

__all__ = [
    "ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits",
    "hexdigits", "octdigits", "printable", "punctuation", "whitespace",
    "Formatter", "Template",
]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Capitalises every word; runs of white space become one space."""
    return (sep or " ").join(map(str.capitalize, s.split(sep)))


class Template:
    """Text with `$name` and `${name}` to be filled in."""

    delimiter = "$"
    idpattern = r"(?a:[_a-z][_a-z0-9]*)"
    braceidpattern = None
    flags = None

    def __init_subclass__(cls):
        super().__init_subclass__()
        if "pattern" in cls.__dict__:
            pattern = cls.pattern
        else:
            pattern = _template_pattern(cls)
        cls._source = pattern
        cls._compiled = None

    def __init__(self, template):
        self.template = template

    @classmethod
    def _matcher(cls):
        # Compiled on first use, so that importing this module does not need `re`.
        if cls.__dict__.get("_compiled") is None:
            import re
            flags = re.IGNORECASE if cls.flags is None else cls.flags
            cls._compiled = re.compile(cls._source, flags | re.VERBOSE)
        return cls._compiled

    def _invalid(self, match):
        i = match.start("invalid")
        lines = self.template[:i].splitlines(keepends=True)
        if not lines:
            column, line = 1, 1
        else:
            column = i - len("".join(lines[:-1]))
            line = len(lines)
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (line, column))

    def substitute(self, mapping={}, /, **kws):
        """Fills in every placeholder; KeyError if a name is missing."""
        mapping = _merged(mapping, kws)

        def convert(match):
            name = match.group("named") or match.group("braced")
            if name is not None:
                return str(mapping[name])
            if match.group("escaped") is not None:
                return self.delimiter
            if match.group("invalid") is not None:
                self._invalid(match)
            raise ValueError("Unrecognized named group in pattern")

        return self._matcher().sub(convert, self.template)

    def safe_substitute(self, mapping={}, /, **kws):
        """Fills in what it can and leaves the other placeholders."""
        mapping = _merged(mapping, kws)

        def convert(match):
            name = match.group("named") or match.group("braced")
            if name is not None:
                try:
                    return str(mapping[name])
                except KeyError:
                    return match.group()
            if match.group("escaped") is not None:
                return self.delimiter
            if match.group("invalid") is not None:
                return match.group()
            raise ValueError("Unrecognized named group in pattern")

        return self._matcher().sub(convert, self.template)

    def is_valid(self):
        """True if `substitute` would not raise ValueError."""
        for match in self._matcher().finditer(self.template):
            if match.group("invalid") is not None:
                return False
            _check_groups(match)
        return True

    def get_identifiers(self):
        """The names of the placeholders, in order, each once."""
        names = []
        for match in self._matcher().finditer(self.template):
            name = match.group("named") or match.group("braced")
            if name is None:
                _check_groups(match)
            elif name not in names:
                names.append(name)
        return names


def _check_groups(match):
    groups = match.groupdict()
    if all(groups[name] is None for name in ("named", "braced", "escaped", "invalid")):
        # Only a pattern with groups of its own can get here.
        raise ValueError("Unrecognized named group in pattern")


def _template_pattern(cls):
    import re
    delim = re.escape(cls.delimiter)
    bid = cls.braceidpattern or cls.idpattern
    return rf"""
    {delim}(?:
      (?P<escaped>{delim})  |
      (?P<named>{cls.idpattern}) |
      {{(?P<braced>{bid})}} |
      (?P<invalid>)
    )
    """


Template._source = (
    r"\$(?:(?P<escaped>\$)|(?P<named>(?a:[_a-z][_a-z0-9]*))"
    r"|{(?P<braced>(?a:[_a-z][_a-z0-9]*))}|(?P<invalid>))")
Template._compiled = None


def _merged(mapping, kws):
    if not kws:
        return mapping
    if not mapping:
        return kws
    from collections import ChainMap
    return ChainMap(kws, mapping)


# Formatter ---------------------------------------------------------------------------

def _parse_format(text):
    """(literal, field, spec, conversion) for each part of a format string."""
    literal = []
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        if c not in "{}":
            literal.append(c)
            i += 1
            continue
        if text[i + 1:i + 2] == c:
            literal.append(c)
            yield "".join(literal), None, None, None
            literal = []
            i += 2
            continue
        if c == "}":
            raise ValueError("Single '}' encountered in format string")
        if i + 1 >= n:
            raise ValueError("Single '{' encountered in format string")
        end = _closing_brace(text, i + 1)
        yield ("".join(literal), *_split_field(text[i + 1:end]))
        literal = []
        i = end + 1
    if literal:
        yield "".join(literal), None, None, None


def _closing_brace(text, start):
    depth = 1
    bracket = False
    for i in range(start, len(text)):
        c = text[i]
        if c == "[":
            bracket = True
        elif c == "]":
            bracket = False
        elif c == "{" and not bracket:
            depth += 1
        elif c == "}" and not bracket:
            depth -= 1
            if depth == 0:
                return i
    raise ValueError("expected '}' before end of string")


def _split_field(field):
    """(name, spec, conversion) of what stands between the braces."""
    i = 0
    bracket = False
    while i < len(field):
        c = field[i]
        if c == "[":
            bracket = True
        elif c == "]":
            bracket = False
        elif c == "{":
            raise ValueError("unexpected '{' in field name")
        elif c in "!:" and not bracket:
            break
        i += 1
    name, rest = field[:i], field[i:]
    if rest[:1] != "!":
        return name, rest[1:], None
    if len(rest) < 2:
        raise ValueError("unmatched '{' in format spec")
    conversion, rest = rest[1], rest[2:]
    if rest and rest[0] != ":":
        raise ValueError("expected ':' after conversion specifier")
    return name, rest[1:], conversion


def _split_name(field_name):
    """('a', [(True, 'b'), (False, 0)]) for 'a.b[0]'."""
    i = 0
    while i < len(field_name) and field_name[i] not in ".[":
        i += 1
    first = field_name[:i]
    if first.isdigit():
        first = int(first)
    steps = []
    while i < len(field_name):
        if field_name[i] == ".":
            j = i + 1
            while j < len(field_name) and field_name[j] not in ".[":
                j += 1
            name = field_name[i + 1:j]
            if not name:
                raise ValueError("Empty attribute in format string")
            steps.append((True, name))
            i = j
        elif field_name[i] == "[":
            j = field_name.find("]", i)
            if j < 0:
                raise ValueError("Missing ']' in format string")
            name = field_name[i + 1:j]
            if not name:
                raise ValueError("Empty attribute in format string")
            steps.append((False, int(name) if name.isdigit() else name))
            i = j + 1
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
    return first, steps


class Formatter:
    """`str.format` with every step open to be overridden."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used_args = set()
        result, _ = self._vformat(format_string, args, kwargs, used_args, 2)
        self.check_unused_args(used_args, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, depth, auto_index=0):
        if depth < 0:
            raise ValueError("Max string recursion exceeded")
        result = []
        for literal, field_name, spec, conversion in self.parse(format_string):
            if literal:
                result.append(literal)
            if field_name is None:
                continue
            if field_name == "":
                if auto_index is False:
                    raise ValueError("cannot switch from manual field specification to "
                                     "automatic field numbering")
                field_name = str(auto_index)
                auto_index += 1
            elif field_name.isdigit():
                if auto_index:
                    raise ValueError("cannot switch from manual field specification to "
                                     "automatic field numbering")
                auto_index = False
            obj, arg_used = self.get_field(field_name, args, kwargs)
            used_args.add(arg_used)
            obj = self.convert_field(obj, conversion)
            spec, auto_index = self._vformat(spec, args, kwargs, used_args, depth - 1,
                                             auto_index=auto_index)
            result.append(self.format_field(obj, spec))
        return "".join(result), auto_index

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == "s":
            return str(value)
        if conversion == "r":
            return repr(value)
        if conversion == "a":
            return ascii(value)
        raise ValueError(f"Unknown conversion specifier {conversion!s}")

    def parse(self, format_string):
        return _parse_format(format_string)

    def get_field(self, field_name, args, kwargs):
        first, rest = _split_name(field_name)
        obj = self.get_value(first, args, kwargs)
        for is_attr, key in rest:
            obj = getattr(obj, key) if is_attr else obj[key]
        return obj, first
