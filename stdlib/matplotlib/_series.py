"""Lines and points."""

import numpy as np
import _matplotlib
from matplotlib import rcParams, cm
from matplotlib._options import _line_names, _options
from matplotlib._values import color, dash, flat, is_words, numbers, parse_format, pt
from matplotlib.artists import Line2D, PathCollection
from matplotlib.colors import Normalize


class Series:
    """Lines and points."""

    def _next_color(self):
        """The next colour for lines; areas, bars and points count by themselves."""
        source = self if self.twin is None else self.twin
        tone = _matplotlib.cycle[source.cycle_position % len(_matplotlib.cycle)]
        source.cycle_position += 1
        return tone

    def _next_fill(self):
        source = self if self.twin is None else self.twin
        tone = _matplotlib.cycle[source.fill_position % len(_matplotlib.cycle)]
        source.fill_position += 1
        return tone

    def _add(self, artist):
        self.artists.append(artist)
        self.figure.stale = True
        return artist

    def _line(self, x, y, options, format_text=""):
        tone, marker, kind = parse_format(format_text)
        tone = options.get("color", tone)
        if tone is None:
            tone = self._next_color()
        marker = options.get("marker", marker)
        if marker in ("None", "none", "", " "):
            marker = None
        if marker is not None and marker not in _matplotlib.markers:
            raise ValueError(f"Unrecognized marker style {marker!r}")
        if "linestyle" in options:
            kind = dash(options["linestyle"])
        elif kind is None:
            kind = "" if marker is not None and format_text and parse_format(format_text)[1] is not None else "-"
        face = options.get("markerfacecolor", tone)
        hollow = isinstance(face, str) and face == "none"
        edge = options.get("markeredgecolor")
        mark = {
            "kind": "line", "x": x, "y": y, "line_color": color(tone), "line_width": pt(options.get("linewidth", rcParams["lines.linewidth"])), "dash": kind,
            "marker": marker, "marker_size": pt(options.get("markersize", rcParams["lines.markersize"])), "marker_face": color(tone if hollow else face),
            "marker_edge": color(edge) if edge is not None else color(tone) if face is not tone else None,
            "marker_edge_width": pt(options.get("markeredgewidth", 1.0)), "hollow": hollow,
        }
        line = Line2D(self, mark, options.get("label"), options.get("alpha"), options.get("zorder"))
        line.tone = tone
        return self._add(line)

    def plot(self, *args, scalex=True, scaley=True, data=None, **kwargs):
        options = _options("plot", kwargs, *_line_names)
        lines = []
        rest = list(args)
        if data is not None:
            rest = [data[one] if isinstance(one, str) and one in data else one for one in rest]
        while rest:
            x, rest = rest[0], rest[1:]
            y, text = None, ""
            if rest and not isinstance(rest[0], str):
                y, rest = rest[0], rest[1:]
            if rest and isinstance(rest[0], str):
                text, rest = rest[0], rest[1:]
            if y is None:
                y = numbers(x)
                x = np.arange(len(np.atleast_1d(y))) * 1.0
            elif is_words(x):
                x = self.xaxis.positions(x)
            else:
                x = numbers(x)
            y = self.yaxis.positions(y) if is_words(y) else numbers(y)
            x, y = np.atleast_1d(x), np.atleast_1d(y)
            if x.ndim > 2 or y.ndim > 2:
                raise ValueError(f"x and y can be no greater than 2D, but have shapes {x.shape} and {y.shape}")
            if x.shape[0] != y.shape[0]:
                raise ValueError(f"x and y must have same first dimension, but have shapes {x.shape} and {y.shape}")
            if y.ndim == 2 or x.ndim == 2:
                x2 = x if x.ndim == 2 else x.reshape(-1, 1)
                y2 = y if y.ndim == 2 else y.reshape(-1, 1)
                for column in range(max(x2.shape[1], y2.shape[1])):
                    own = dict(options)
                    if isinstance(own.get("label"), (list, tuple)):
                        own["label"] = own["label"][column]
                    lines.append(self._line(x2[:, min(column, x2.shape[1] - 1)], y2[:, min(column, y2.shape[1] - 1)], own, text))
            else:
                lines.append(self._line(x, y, options, text))
        return lines

    def semilogy(self, *args, **kwargs):
        self.set_yscale("log")
        return self.plot(*args, **kwargs)

    def semilogx(self, *args, **kwargs):
        self.set_xscale("log")
        return self.plot(*args, **kwargs)

    def loglog(self, *args, **kwargs):
        self.set_xscale("log")
        self.set_yscale("log")
        return self.plot(*args, **kwargs)

    def step(self, x, y, *args, where="pre", **kwargs):
        x, y = flat(x), flat(y)
        if where not in ("pre", "post", "mid"):
            raise ValueError(f"{where!r} is not a valid value for where; supported values are 'pre', 'post', 'mid'")
        if len(x) > 1:
            if where == "mid":
                middle = (x[1:] + x[:-1]) / 2
                x = np.concatenate([x[:1], np.repeat(middle, 2), x[-1:]])
                y = np.repeat(y, 2)
            elif where == "post":
                x, y = np.concatenate([np.repeat(x[:-1], 2)[1:], x[-1:], x[-1:]]), np.repeat(y, 2)[:-1]
                x = np.repeat(flat(x), 1)
                x, y = x[:len(y)], y
            else:
                x, y = np.repeat(x, 2)[:-1], np.concatenate([y[:1], np.repeat(y[1:], 2)])
        return self.plot(x, y, *args, **kwargs)

    def scatter(self, x, y, s=None, c=None, *, marker="o", cmap=None, norm=None, vmin=None, vmax=None, alpha=None, **kwargs):
        options = _options("scatter", kwargs, "color", "facecolor", "edgecolor", "linewidth", "label", "zorder", "plotnonfinite")
        x, y = self.xaxis.positions(x), self.yaxis.positions(y)
        if x.size != y.size:
            raise ValueError("x and y must be the same size")
        areas = np.array([36.0]) if s is None else flat(s)
        if areas.size not in (1, x.size):
            raise ValueError("s must be a scalar, or float array-like with the same size as x and y")
        mark = {"kind": "points", "x": x, "y": y, "sizes": np.sqrt(np.maximum(areas, 0)) * (100 / 72) + 1.0, "marker": marker}
        if marker not in _matplotlib.markers:
            raise ValueError(f"Unrecognized marker style {marker!r}")
        edge = options.get("edgecolor")
        if edge is not None and not (isinstance(edge, str) and edge in ("face", "none")):
            mark["marker_edge"] = color(edge)
            mark["marker_edge_width"] = pt(options.get("linewidth", 1.0))
        plain = options.get("color", options.get("facecolor"))
        if c is None:
            c = plain
        if isinstance(c, str) and c == "none":
            mark["hollow"] = True
            c = None if edge is None else edge
        if c is not None and not isinstance(c, str) and not (isinstance(c, tuple) and len(c) in (3, 4) and x.size not in (3, 4)):
            tones = list(c) if not isinstance(c, np.ndarray) and not hasattr(c, "detach") else c
            if isinstance(tones, list) and tones and (isinstance(tones[0], str) or hasattr(tones[0], "__len__")):
                if len(tones) not in (1, x.size):
                    raise ValueError(f"'c' argument has {len(tones)} elements, which is inconsistent with 'x' and 'y' with size {x.size}.")
                mark["colors"] = [color(one) for one in tones]
                norm = None
            else:
                values = numbers(c)
                if values.ndim == 2 and values.shape[1] in (3, 4):
                    mark["colors"] = [color(row) for row in values.tolist()]
                else:
                    values = values.ravel()
                    if values.size != x.size:
                        raise ValueError(f"'c' argument has {values.size} elements, which is inconsistent with 'x' and 'y' with size {x.size}.")
                    norm = norm if norm is not None else Normalize(vmin, vmax)
                    cmap = cm.get_cmap(rcParams["image.cmap"] if cmap is None else cmap)
                    mark["values"], mark["cmap"] = norm(values), cmap.name
                    return self._finish_scatter(mark, options, alpha, norm, cmap)
        if "colors" not in mark:
            mark["colors"] = [color(self._next_fill() if c is None else c)]
        return self._finish_scatter(mark, options, alpha, None, None)

    def _finish_scatter(self, mark, options, alpha, norm, cmap):
        artist = PathCollection(self, mark, options.get("label"), alpha, options.get("zorder"), norm, cmap)
        self.figure.current_image = artist if norm is not None else self.figure.current_image
        return self._add(artist)
