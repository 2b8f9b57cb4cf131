"""Argument binding for callables whose parameters are known only at run time.

namedtuple and dataclass build functions from field names without generating
source, so the `TypeError`s of a wrong call are made here, worded as the
interpreter words them for an ordinary function.
"""


def _listed(names):
    quoted = [repr(name) for name in names]
    if len(quoted) == 1:
        return quoted[0]
    if len(quoted) == 2:
        return f"{quoted[0]} and {quoted[1]}"
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def _plural(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _missing(qualname, kind, names):
    noun = _plural(len(names), f"required {kind} argument")
    return TypeError(f"{qualname}() missing {noun}: {_listed(names)}")


def _too_many(qualname, names, defaults, kwonly, args, kwargs):
    required = 1 + sum(1 for name in names if name not in defaults)
    allowed = len(names) + 1
    given = len(args) + 1
    if required == allowed:
        takes = _plural(allowed, "positional argument")
    else:
        takes = f"from {required} to {allowed} positional arguments"
    extra = sum(1 for name in kwonly if name in kwargs)
    if extra:
        were = (f"{_plural(given, 'positional argument')} "
                f"(and {_plural(extra, 'keyword-only argument')}) were")
    else:
        were = f"{given} {'was' if given == 1 else 'were'}"
    return TypeError(f"{qualname}() takes {takes} but {were} given")


def bind(qualname, receiver, names, defaults, kwonly, args, kwargs):
    """The values of `names` then `kwonly`, as one list.

    `receiver` is the name of the leading parameter (`self`, `_cls`), which the
    messages count; `defaults` maps the optional parameters to their values.
    """
    taken = names[:len(args)]
    for name in kwargs:
        if name not in names and name not in kwonly:
            raise TypeError(f"{qualname}() got an unexpected keyword argument {name!r}")
        if name in taken:
            raise TypeError(f"{qualname}() got multiple values for argument {name!r}")
    if len(args) > len(names):
        raise _too_many(qualname, names, defaults, kwonly, args, kwargs)
    values = list(args)
    missing = []
    for name in names[len(args):]:
        if name in kwargs:
            values.append(kwargs[name])
        elif name in defaults:
            values.append(defaults[name])
        else:
            missing.append(name)
    if missing:
        raise _missing(qualname, "positional", missing)
    for name in kwonly:
        if name in kwargs:
            values.append(kwargs[name])
        elif name in defaults:
            values.append(defaults[name])
        else:
            missing.append(name)
    if missing:
        raise _missing(qualname, "keyword-only", missing)
    return values
