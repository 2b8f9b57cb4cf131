"""Arguments of plotting functions as arrays of floats, colours, dashes."""

import numpy as np
from matplotlib.colors import to_rgba

_dash_names = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-.", "none": "", "None": "", "": "", " ": "", "-": "-", "--": "--", ":": ":", "-.": "-."}


def pt(size):
    """Points in pixels."""
    return float(size) * 100 / 72


_sizes = {"xx-small": 5.79, "x-small": 6.94, "small": 8.33, "medium": 10.0, "large": 12.0, "x-large": 14.4, "xx-large": 17.28, "larger": 12.0, "smaller": 8.33}


def font_size(size, default=10.0):
    if size is None:
        size = default
    if isinstance(size, str):
        if size not in _sizes:
            raise ValueError(f"{size!r} is not a valid font size: use a number or one of {', '.join(_sizes)}")
        size = _sizes[size]
    return pt(size)


def numbers(values, name="values"):
    """A one-dimensional float array of what a program may hand to a plot."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy() if hasattr(values, "cpu") else values.detach().numpy()
    if isinstance(values, (set, dict)) or hasattr(values, "keys"):
        values = list(values)
    elif not isinstance(values, (np.ndarray, list, tuple, range)) and hasattr(values, "__iter__") and not hasattr(values, "__array__"):
        values = list(values)
    if isinstance(values, (list, tuple)):
        values = [one.item() if hasattr(one, "item") and not isinstance(one, np.ndarray) else float("nan") if one is None else one for one in values]
    array = np.asarray(values)
    return array.astype("float64")


def flat(values, name="values"):
    return np.atleast_1d(numbers(values, name)).ravel()


def is_words(values):
    return isinstance(values, (list, tuple)) and len(values) > 0 and any(isinstance(one, str) for one in values)


def color(value, alpha=None):
    return None if value is None else to_rgba(value, alpha)


def dash(style):
    if style is None:
        return "-"
    if isinstance(style, tuple):
        return "--"
    if style not in _dash_names:
        raise ValueError(f"{style!r} is not a valid value for ls; supported values are '-', '--', '-.', ':', 'None', ' ', '', 'solid', 'dashed', 'dashdot', 'dotted'")
    return _dash_names[style]


def parse_format(text):
    """The colour, marker and dash that a format such as `'r--o'` asks for; None for what it leaves open."""
    import _matplotlib
    kind, marker, tone = None, None, None
    rest = text
    if rest and rest not in "0123456789":
        try:
            to_rgba(rest)
            return rest, None, None
        except ValueError:
            pass
    while rest:
        for piece in ("--", "-.", "-", ":"):
            if rest.startswith(piece):
                if kind is not None:
                    raise ValueError(f"{text!r} is not a valid format string (two linestyle symbols)")
                kind = piece
                rest = rest[len(piece):]
                break
        else:
            letter = rest[0]
            if letter == "C" and len(rest) > 1 and rest[1].isdigit():
                tone, rest = rest[:2], rest[2:]
            elif letter in "bgrcmykw" and tone is None:
                tone, rest = letter, rest[1:]
            elif letter in _matplotlib.markers:
                if marker is not None:
                    raise ValueError(f"{text!r} is not a valid format string (two marker symbols)")
                marker, rest = letter, rest[1:]
            else:
                raise ValueError(f"{text!r} is not a valid format string (unrecognized character {letter!r})")
    return tone, marker, kind
