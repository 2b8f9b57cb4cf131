"""Colours and scales of colour."""

import _matplotlib
import numpy as np

CSS_CYCLE = list(_matplotlib.cycle)


def to_rgba(c, alpha=None):
    """Four components from 0 to 1 of a name, `#rrggbb`, `C0`, grey level or tuple."""
    if isinstance(c, str):
        if c.lower() == "none":
            return (0.0, 0.0, 0.0, 0.0)
        red, green, blue, own = _matplotlib.color(c)
    else:
        if isinstance(c, tuple) and len(c) == 2 and isinstance(c[0], str):
            return to_rgba(c[0], c[1] if alpha is None else alpha)
        try:
            parts = [float(one) for one in c]
        except TypeError:
            raise ValueError(f"{c!r} is not a valid value for color") from None
        if len(parts) not in (3, 4):
            raise ValueError("RGBA sequence should have length 3 or 4")
        if any(not 0 <= one <= 1 for one in parts):
            raise ValueError("RGBA values should be within 0-1 range")
        red, green, blue, own = parts if len(parts) == 4 else parts + [1.0]
    return (red, green, blue, own if alpha is None else float(alpha))


def to_rgb(c):
    return to_rgba(c)[:3]


def to_hex(c, keep_alpha=False):
    parts = to_rgba(c)
    return "#" + "".join(f"{int(one * 255 + 0.5):02x}" for one in (parts if keep_alpha else parts[:3]))


def is_color_like(c):
    try:
        to_rgba(c)
    except (ValueError, TypeError):
        return False
    return True


class Normalize:
    """Numbers from `vmin` to `vmax` to 0…1."""

    def __init__(self, vmin=None, vmax=None, clip=False):
        self.vmin = vmin
        self.vmax = vmax

    def autoscale_None(self, values):
        values = np.asarray(values)
        if values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if values.size:
            if self.vmin is None:
                self.vmin = float(values.min())
            if self.vmax is None:
                self.vmax = float(values.max())
        else:
            self.vmin = 0.0 if self.vmin is None else self.vmin
            self.vmax = 1.0 if self.vmax is None else self.vmax

    def __call__(self, values):
        values = np.asarray(values).astype("float64")
        self.autoscale_None(values)
        if self.vmin == self.vmax:
            return np.where(np.isnan(values), float("nan"), 0.0)
        return (values - self.vmin) / (self.vmax - self.vmin)


class LogNorm(Normalize):
    def __call__(self, values):
        values = np.asarray(values).astype("float64")
        self.autoscale_None(values[values > 0])
        if self.vmin <= 0:
            raise ValueError("Invalid vmin or vmax")
        if self.vmin == self.vmax:
            return np.where(values > 0, 0.0, float("nan"))
        safe = np.where(values > 0, values, float("nan"))
        return (np.log10(safe) - np.log10(self.vmin)) / (np.log10(self.vmax) - np.log10(self.vmin))


class Colormap:
    """A palette by name."""

    def __init__(self, name, N=256):
        if name not in _matplotlib.palettes and not (name.endswith("_r") and name[:-2] in _matplotlib.palettes):
            raise ValueError(f"{name!r} is not a valid value for cmap; supported values are {', '.join(repr(one) for one in _matplotlib.palettes)}")
        self.name = name
        self.N = 10 if name.startswith("tab10") else N

    def __call__(self, X, alpha=None):
        single = not isinstance(X, (np.ndarray, list, tuple))
        values = np.asarray(X)
        if values.dtype.kind in "iu":
            values = values / (self.N - 1) if self.N > 1 else values * 0.0
        if single:
            color = _matplotlib.map_color(self.name, float(values))
            return color if alpha is None else color[:3] + (alpha,)
        flat = [_matplotlib.map_color(self.name, one) for one in values.ravel().tolist()]
        return np.array(flat).reshape(values.shape + (4,))

    def reversed(self):
        return Colormap(self.name[:-2] if self.name.endswith("_r") else self.name + "_r")

    def __eq__(self, other):
        return isinstance(other, Colormap) and other.name == self.name

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return f"<Colormap {self.name}>"
