"""Reading and writing delimited text."""

__all__ = [
    "QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE", "Error", "Dialect",
    "excel", "excel_tab", "field_size_limit", "reader", "writer", "register_dialect",
    "get_dialect", "list_dialects", "Sniffer", "unregister_dialect", "DictReader",
    "DictWriter", "unix_dialect",
]

QUOTE_MINIMAL = 0
QUOTE_ALL = 1
QUOTE_NONNUMERIC = 2
QUOTE_NONE = 3


class Error(Exception):
    pass


_field_limit = 131072


def field_size_limit(*args):
    """The longest field allowed; sets a new limit if given, returns the old one."""
    global _field_limit
    old = _field_limit
    if args:
        if not isinstance(args[0], int):
            raise TypeError("limit must be an integer")
        _field_limit = args[0]
    return old


# Dialects -------------------------------------------------------------------------------

_DEFAULTS = {
    "delimiter": ",", "doublequote": True, "escapechar": None, "lineterminator": "\r\n",
    "quotechar": '"', "quoting": QUOTE_MINIMAL, "skipinitialspace": False, "strict": False,
}


class Dialect:
    """Describes a format; subclasses set the attributes."""

    _name = ""
    _valid = False
    delimiter = None
    quotechar = None
    escapechar = None
    doublequote = None
    skipinitialspace = None
    lineterminator = None
    quoting = None

    def __init__(self):
        if self.__class__ != Dialect:
            self._valid = True
        try:
            _Format(self, {})
        except TypeError as e:
            raise Error(str(e)) from None


class excel(Dialect):
    """What Excel writes."""
    delimiter = ","
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL


class excel_tab(excel):
    """What Excel writes with tabs."""
    delimiter = "\t"


class unix_dialect(Dialect):
    """Every field quoted, lines end in a newline."""
    delimiter = ","
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = "\n"
    quoting = QUOTE_ALL


class _Format:
    """The checked parameters of a reader or writer."""

    def __init__(self, dialect, options):
        values = dict(_DEFAULTS)
        if dialect is not None:
            for name in values:
                value = getattr(dialect, name, values[name])
                if value is not None or name in ("escapechar", "quotechar"):
                    values[name] = value
                elif hasattr(dialect, name):
                    values[name] = value
        for name, value in options.items():
            if name not in values:
                raise TypeError(f"'{name}' is an invalid keyword argument for this function")
            values[name] = value
        if options.get("quotechar", "") is None and "quoting" not in options:
            values["quoting"] = QUOTE_NONE
        self._check(values)
        self.delimiter = values["delimiter"]
        self.doublequote = bool(values["doublequote"])
        self.escapechar = values["escapechar"]
        self.lineterminator = values["lineterminator"]
        self.quotechar = values["quotechar"]
        self.quoting = values["quoting"]
        self.skipinitialspace = bool(values["skipinitialspace"])
        self.strict = bool(values["strict"])

    @staticmethod
    def _check(values):
        for name in ("delimiter", "escapechar", "quotechar"):
            value = values[name]
            if value is None and name != "delimiter":
                continue
            if not isinstance(value, str):
                wanted = "string" if name == "delimiter" else "string or None"
                raise TypeError(f'"{name}" must be {wanted}, not {type(value).__name__}')
            if len(value) != 1:
                raise TypeError(f'"{name}" must be a 1-character string')
        if type(values["quoting"]) is not int:
            raise TypeError('"quoting" must be an integer')
        if not 0 <= values["quoting"] <= 3:
            raise TypeError('bad "quoting" value')
        if values["quoting"] != QUOTE_NONE and values["quotechar"] is None:
            raise TypeError("quotechar must be set if quoting enabled")
        if values["lineterminator"] is None:
            raise TypeError("lineterminator must be set")
        if not isinstance(values["lineterminator"], str):
            raise TypeError('"lineterminator" must be a string, not '
                            f'{type(values["lineterminator"]).__name__}')


_dialects = {}


def register_dialect(name, dialect=None, **fmtparams):
    """Gives a dialect a name."""
    if not isinstance(name, str):
        raise TypeError("dialect name must be a string")
    _dialects[name] = _format_of(dialect, fmtparams)


def unregister_dialect(name):
    """Forgets a named dialect."""
    try:
        del _dialects[name]
    except KeyError:
        raise Error("unknown dialect") from None


def get_dialect(name):
    """The dialect of that name."""
    try:
        return _dialects[name]
    except KeyError:
        raise Error("unknown dialect") from None


def list_dialects():
    """The names of the known dialects."""
    return list(_dialects)


def _format_of(dialect, options):
    if isinstance(dialect, str):
        dialect = get_dialect(dialect)
    if isinstance(dialect, _Format) and not options:
        return dialect
    return _Format(dialect, options)


register_dialect("excel", excel)
register_dialect("excel-tab", excel_tab)
register_dialect("unix", unix_dialect)


# Reading --------------------------------------------------------------------------------

(_START_RECORD, _START_FIELD, _ESCAPED, _IN_FIELD, _IN_QUOTED, _ESCAPED_IN_QUOTED,
 _QUOTE_IN_QUOTED, _EAT_NEWLINE, _AFTER_ESCAPED_NEWLINE) = range(9)


class _Reader:
    """Yields the rows of lines of text, each a list of strings."""

    def __init__(self, lines, format):
        self._lines = iter(lines)
        self.dialect = format
        self.line_num = 0
        # Lines without any of these special cases are split in one go.
        self._plain = (format.escapechar is None and not format.skipinitialspace
                       and format.quoting in (QUOTE_MINIMAL, QUOTE_ALL))

    def __iter__(self):
        return self

    def __next__(self):
        line = self._next_line()
        if self._plain and self.dialect.quotechar not in line:
            text = line
            if text[-2:] == "\r\n":
                text = text[:-2]
            elif text[-1:] in ("\n", "\r"):
                text = text[:-1]
            if "\r" not in text and "\n" not in text and len(text) <= _field_limit:
                return text.split(self.dialect.delimiter) if text else []
        return self._read(line)

    def _next_line(self):
        line = next(self._lines)
        if not isinstance(line, str):
            raise Error(f"iterator should return strings, not {type(line).__name__} "
                        "(the file should be opened in text mode)")
        self.line_num += 1
        return line

    def _read(self, line):
        self._fields = []
        self._chars = []
        self._numeric = False
        self._state = _START_RECORD
        while True:
            for c in line:
                self._step(c)
            self._step("")
            if self._state == _START_RECORD:
                return self._fields
            try:
                line = self._next_line()
            except StopIteration:
                if self._chars or self._state == _IN_QUOTED:
                    if self.dialect.strict:
                        raise Error("unexpected end of data") from None
                    self._save()
                    return self._fields
                if self._fields:
                    self._save()
                    return self._fields
                raise

    def _save(self):
        field = "".join(self._chars)
        self._chars = []
        if self._numeric:
            self._numeric = False
            field = float(field)
        self._fields.append(field)

    def _add(self, c):
        if len(self._chars) >= _field_limit:
            raise Error(f"field larger than field limit ({_field_limit})")
        self._chars.append(c)

    def _step(self, c):
        """Takes one character; the empty string stands for the end of a line."""
        d = self.dialect
        state = self._state
        if state == _START_RECORD:
            if c == "":
                return
            if c in "\r\n":
                self._state = _EAT_NEWLINE
                return
            state = _START_FIELD
        if state == _START_FIELD:
            self._start_field(c)
        elif state == _IN_FIELD:
            if c == "" or c in "\r\n":
                self._save()
                self._state = _EAT_NEWLINE if c else _START_RECORD
            elif c == d.escapechar:
                self._state = _ESCAPED
            elif c == d.delimiter:
                self._save()
                self._state = _START_FIELD
            else:
                self._add(c)
        elif state == _IN_QUOTED:
            if c == "":
                pass
            elif c == d.escapechar:
                self._state = _ESCAPED_IN_QUOTED
            elif c == d.quotechar and d.quoting != QUOTE_NONE:
                self._state = _QUOTE_IN_QUOTED if d.doublequote else _IN_FIELD
            else:
                self._add(c)
        elif state == _QUOTE_IN_QUOTED:
            self._after_quote(c)
        elif state == _ESCAPED:
            if c and c in "\r\n":
                self._add(c)
                self._state = _AFTER_ESCAPED_NEWLINE
            else:
                self._add(c or "\n")
                self._state = _IN_FIELD
        elif state == _AFTER_ESCAPED_NEWLINE:
            if c != "":
                self._state = _IN_FIELD
                self._step(c)
        elif state == _ESCAPED_IN_QUOTED:
            self._add(c or "\n")
            self._state = _IN_QUOTED
        elif c == "":
            self._state = _START_RECORD
        elif c not in "\r\n":
            raise Error("new-line character seen in unquoted field - do you need to open "
                        "the file with newline=''?")

    def _start_field(self, c):
        d = self.dialect
        if c == "" or c in "\r\n":
            self._save()
            self._state = _EAT_NEWLINE if c else _START_RECORD
        elif c == d.quotechar and d.quoting != QUOTE_NONE:
            self._state = _IN_QUOTED
        elif c == d.escapechar:
            self._state = _ESCAPED
        elif c == " " and d.skipinitialspace:
            self._state = _START_FIELD
        elif c == d.delimiter:
            self._save()
            self._state = _START_FIELD
        else:
            if d.quoting == QUOTE_NONNUMERIC:
                self._numeric = True
            self._add(c)
            self._state = _IN_FIELD

    def _after_quote(self, c):
        d = self.dialect
        if c == d.quotechar and c and d.quoting != QUOTE_NONE:
            self._add(c)
            self._state = _IN_QUOTED
        elif c == d.delimiter:
            self._save()
            self._state = _START_FIELD
        elif c == "" or c in "\r\n":
            self._save()
            self._state = _EAT_NEWLINE if c else _START_RECORD
        elif not d.strict:
            self._add(c)
            self._state = _IN_FIELD
        else:
            raise Error(f"'{d.delimiter}' expected after '{d.quotechar}'")


def reader(iterable, dialect="excel", **fmtparams):
    """An iterator over the rows of an iterable of lines."""
    return _Reader(iterable, _format_of(dialect, fmtparams))


# Writing --------------------------------------------------------------------------------

class _Writer:
    """Writes rows to a file object."""

    def __init__(self, write, format):
        self._write = write
        self.dialect = format
        special = {format.delimiter} | set(format.lineterminator)
        for c in (format.quotechar, format.escapechar):
            if c is not None:
                special.add(c)
        self._special = frozenset(special)

    def _field(self, field):
        """(the text, quoted if need be, whether it was quoted)."""
        d = self.dialect
        if field is None:
            text, numeric = "", False
        elif isinstance(field, str):
            text, numeric = field, False
        else:
            text, numeric = str(field), isinstance(field, (int, float))
        quoted = d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not numeric
        if self._special.isdisjoint(text):
            return (f"{d.quotechar}{text}{d.quotechar}" if quoted else text), quoted
        parts = []
        for c in text:
            if c in self._special:
                escape = False
                if d.quoting == QUOTE_NONE:
                    escape = True
                elif c == d.quotechar:
                    if d.doublequote:
                        parts.append(c)
                    else:
                        escape = True
                elif c == d.escapechar:
                    escape = True
                if not escape:
                    quoted = True
                elif d.escapechar is None:
                    raise Error("need to escape, but no escapechar set")
                else:
                    parts.append(d.escapechar)
            parts.append(c)
        text = "".join(parts)
        return (f"{d.quotechar}{text}{d.quotechar}" if quoted else text), quoted

    def _row(self, row):
        try:
            items = iter(row)
        except TypeError:
            raise Error(f"iterable expected, not {type(row).__name__}") from None
        d = self.dialect
        fields = [self._field(item) for item in items]
        if len(fields) == 1 and fields[0][0] == "":
            # An empty line would read back as no field at all.
            if d.quoting == QUOTE_NONE:
                raise Error("single empty field record must be quoted")
            fields = [(d.quotechar * 2, True)]
        return d.delimiter.join([text for text, _ in fields]) + d.lineterminator

    def writerow(self, row):
        """Writes one row; returns what the file's `write` returns."""
        return self._write(self._row(row))

    def writerows(self, rows):
        """Writes several rows."""
        for row in rows:
            self._write(self._row(row))


def writer(fileobj, dialect="excel", **fmtparams):
    """A writer of rows to a file object."""
    write = getattr(fileobj, "write", None)
    if not callable(write):
        raise TypeError('argument 1 must have a "write" method')
    return _Writer(write, _format_of(dialect, fmtparams))


# Rows as dicts --------------------------------------------------------------------------

class DictReader:
    """Yields each row as a dict keyed by the first row or by `fieldnames`."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel",
                 *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        if self.line_num == 0:
            self.fieldnames
        row = next(self.reader)
        self.line_num = self.reader.line_num
        while row == []:
            row = next(self.reader)
        names = self.fieldnames
        result = dict(zip(names, row))
        if len(names) < len(row):
            result[self.restkey] = row[len(names):]
        elif len(names) > len(row):
            for key in names[len(row):]:
                result[key] = self.restval
        return result

    __class_getitem__ = classmethod(type(list[int]))


class DictWriter:
    """Writes dicts as rows, in the order of `fieldnames`."""

    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel",
                 *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self.fieldnames = fieldnames
        self.restval = restval
        if extrasaction.lower() not in ("raise", "ignore"):
            raise ValueError("extrasaction (%s) must be 'raise' or 'ignore'" % extrasaction)
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        """Writes the names as a row."""
        return self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _dict_to_list(self, rowdict):
        if self.extrasaction == "raise":
            wrong = rowdict.keys() - self.fieldnames
            if wrong:
                raise ValueError("dict contains fields not in fieldnames: "
                                 + ", ".join([repr(x) for x in wrong]))
        return [rowdict.get(key, self.restval) for key in self.fieldnames]

    def writerow(self, rowdict):
        """Writes one dict."""
        return self.writer.writerow(self._dict_to_list(rowdict))

    def writerows(self, rowdicts):
        """Writes several dicts."""
        return self.writer.writerows(map(self._dict_to_list, rowdicts))

    __class_getitem__ = classmethod(type(list[int]))


# Guessing the dialect ---------------------------------------------------------------------

class Sniffer:
    """Guesses a dialect from a sample of text."""

    def __init__(self):
        self.preferred = [",", "\t", ";", " ", ":"]

    def sniff(self, sample, delimiters=None):
        """A dialect class for the sample; Error if no delimiter stands out."""
        quotechar, doublequote, delimiter, skip = self._from_quotes(sample, delimiters)
        if not delimiter:
            delimiter, skip = self._from_counts(sample, delimiters)
        if not delimiter:
            raise Error("Could not determine delimiter")

        class dialect(Dialect):
            _name = "sniffed"
            lineterminator = "\r\n"
            quoting = QUOTE_MINIMAL

        dialect.doublequote = doublequote
        dialect.delimiter = delimiter
        dialect.quotechar = quotechar or '"'
        dialect.skipinitialspace = skip
        return dialect

    def _from_quotes(self, data, delimiters):
        """Looks at what stands beside quoted fields."""
        import re
        matches = []
        for pattern in (
                r"(?P<delim>[^\w\n\"\'])(?P<space> ?)(?P<quote>[\"\']).*?(?P=quote)(?P=delim)",
                r"(?:^|\n)(?P<quote>[\"\']).*?(?P=quote)(?P<delim>[^\w\n\"\'])(?P<space> ?)",
                r"(?P<delim>[^\w\n\"\'])(?P<space> ?)(?P<quote>[\"\']).*?(?P=quote)(?:$|\n)",
                r"(?:^|\n)(?P<quote>[\"\']).*?(?P=quote)(?:$|\n)"):
            regexp = re.compile(pattern, re.DOTALL | re.MULTILINE)
            matches = [m.groupdict() for m in regexp.finditer(data)]
            if matches:
                break
        if not matches:
            return "", False, None, 0
        quotes = {}
        delims = {}
        spaces = 0
        for m in matches:
            quotes[m["quote"]] = quotes.get(m["quote"], 0) + 1
            delim = m.get("delim")
            if delim and (delimiters is None or delim in delimiters):
                delims[delim] = delims.get(delim, 0) + 1
            if m.get("space"):
                spaces += 1
        quotechar = max(quotes, key=quotes.get)
        delim = ""
        skip = 0
        if delims:
            delim = max(delims, key=delims.get)
            skip = delims[delim] == spaces
            if delim == "\n":
                delim = ""
        d, q = re.escape(delim), quotechar
        double = re.compile(rf"(({d})|^)\W*{q}[^{d}\n]*{q}[^{d}\n]*{q}\W*(({d})|$)",
                            re.MULTILINE)
        return quotechar, bool(double.search(data)), delim, skip

    def _from_counts(self, data, delimiters):
        """Looks for the character that is as often on (nearly) every line."""
        lines = [line for line in data.split("\n") if line]
        frequencies = {}
        modes = {}
        found = {}
        start = 0
        chunk = min(10, len(lines))
        iteration = 0
        while start < len(lines):
            iteration += 1
            for line in lines[start:start + chunk]:
                for code in range(127):
                    char = chr(code)
                    counts = frequencies.setdefault(char, {})
                    n = line.count(char)
                    counts[n] = counts.get(n, 0) + 1
            for char, counts in frequencies.items():
                items = list(counts.items())
                if len(items) == 1 and items[0][0] == 0:
                    continue
                if len(items) > 1:
                    best = max(items, key=lambda x: x[1])
                    items.remove(best)
                    modes[char] = (best[0], best[1] - sum(item[1] for item in items))
                else:
                    modes[char] = items[0]
            total = float(min(chunk * iteration, len(lines)))
            consistency = 1.0
            while not found and consistency >= 0.9:
                for char, (count, agree) in modes.items():
                    if count > 0 and agree > 0 and agree / total >= consistency and (
                            delimiters is None or char in delimiters):
                        found[char] = (count, agree)
                consistency -= 0.01
            if len(found) == 1:
                return self._with_space(lines, list(found)[0])
            start += chunk
        if not found:
            return "", 0
        for char in self.preferred:
            if char in found:
                return self._with_space(lines, char)
        ranked = sorted([(v, k) for k, v in found.items()])
        return self._with_space(lines, ranked[-1][1])

    @staticmethod
    def _with_space(lines, delim):
        return delim, lines[0].count(delim) == lines[0].count(delim + " ")

    def has_header(self, sample):
        """True if the first row looks unlike the others."""
        from io import StringIO
        rows = reader(StringIO(sample), self.sniff(sample))
        header = next(rows)
        columns = len(header)
        types = dict.fromkeys(range(columns))
        for checked, row in enumerate(rows):
            if checked > 20:
                break
            if len(row) != columns:
                continue
            for col in list(types):
                try:
                    float(row[col])
                    this = float
                except ValueError:
                    this = len(row[col])
                if types[col] is None:
                    types[col] = this
                elif types[col] != this:
                    del types[col]
        votes = 0
        for col, kind in types.items():
            if isinstance(kind, int):
                votes += 1 if len(header[col]) != kind else -1
            else:
                try:
                    float(header[col])
                    votes -= 1
                except (ValueError, TypeError):
                    votes += 1
        return votes > 0
