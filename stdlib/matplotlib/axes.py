"""Axes: what the plotting methods record."""

import numpy as np
import _matplotlib
from matplotlib import rcParams, cm
from matplotlib._values import pt, font_size, numbers, flat, is_words, color, dash, parse_format
from matplotlib.artists import (
    Artist, AxesImage, BarContainer, Legend, Line2D, PathCollection, PolyCollection, Rule, Span, Spines, Text, Wedges,
)
from matplotlib.axis import Axis
from matplotlib.colors import Normalize, to_rgba

_aliases = {
    "c": "color", "lw": "linewidth", "ls": "linestyle", "ms": "markersize", "mfc": "markerfacecolor", "mec": "markeredgecolor", "mew": "markeredgewidth",
    "fc": "facecolor", "ec": "edgecolor", "edgecolors": "edgecolor", "facecolors": "facecolor", "linewidths": "linewidth", "linestyles": "linestyle",
    "ha": "horizontalalignment", "va": "verticalalignment", "size": "fontsize", "weight": "fontweight", "style": "fontstyle",
}
_ignored = {"clip_on", "picker", "rasterized", "antialiased", "aa", "animated", "snap", "solid_capstyle", "gid", "url", "drawstyle", "transform", "fontfamily",
            "family", "interpolation_stage", "resample", "hatch", "joinstyle", "capstyle"}


def _options(function, given, *allowed):
    """Keyword arguments by their full names; unknown ones are errors."""
    result = {}
    for name, value in given.items():
        full = _aliases.get(name, name)
        if full in allowed:
            result[full] = value
        elif name not in _ignored:
            raise AttributeError(f"{function}() got an unexpected keyword argument {name!r}")
    return result


_line_names = ("color", "linewidth", "linestyle", "marker", "markersize", "markerfacecolor", "markeredgecolor", "markeredgewidth", "label", "alpha", "zorder")
_patch_names = ("color", "facecolor", "edgecolor", "linewidth", "linestyle", "label", "alpha", "zorder")


class Axes:
    """One plot of a figure."""

    def __init__(self, figure, cell=None, rectangle=None, twin=None):
        self.figure = figure
        self.cell = cell
        self.rectangle = rectangle
        self.twin = twin
        self.artists = []
        self.xaxis = Axis(self, "x")
        self.yaxis = Axis(self, "y")
        self.title_text = None
        self.title_size = pt(12)
        self.legend_ = None
        self.framed = True
        self.spines = Spines()
        self.aspect = None
        self.colorbar_options = None
        self.cycle_position = 0
        self.facecolor = None
        self.patch = _Patch(self)
        if rcParams["axes.grid"]:
            self.grid(True)
        for side in ("top", "right"):
            if not rcParams["axes.spines." + side]:
                self.spines.hidden.add(side)

    # Series

    def _next_color(self):
        source = self if self.twin is None else self.twin
        tone = _matplotlib.cycle[source.cycle_position % len(_matplotlib.cycle)]
        source.cycle_position += 1
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
            mark["colors"] = [color(self._next_color() if c is None else c)]
        return self._finish_scatter(mark, options, alpha, None, None)

    def _finish_scatter(self, mark, options, alpha, norm, cmap):
        artist = PathCollection(self, mark, options.get("label"), alpha, options.get("zorder"), norm, cmap)
        self.figure.current_image = artist if norm is not None else self.figure.current_image
        return self._add(artist)

    # Bars

    def _bars(self, function, edges, base, kwargs, tick_labels=None):
        options = _options(function, kwargs, *_patch_names)
        left, right, bottom, top = edges
        tone = options.get("color", options.get("facecolor"))
        several = isinstance(tone, (list, np.ndarray)) and len(tone) and not isinstance(tone[0], (int, float))
        tones = [color(one) for one in tone] if several else [color(self._next_color() if tone is None else tone)]
        if several and len(tones) < left.size:
            tones = [tones[place % len(tones)] for place in range(left.size)]
        label = options.get("label")
        edge = options.get("edgecolor")
        mark = {
            "kind": "boxes", "left": left, "right": right, "bottom": bottom, "top": top, "colors": tones, "base": base,
            "line_color": color(edge) if edge is not None and edge != "none" else None,
            "line_width": pt(options.get("linewidth", 1.0)) if edge is not None and edge != "none" else 0,
        }
        labels = None
        if isinstance(label, (list, tuple)):
            labels, label = list(label), None
        artist = BarContainer(self, mark, label, options.get("alpha"), options.get("zorder"))
        self._add(artist)
        if labels is not None:
            artist.label = None
            for place, one in enumerate(labels):
                self._add(BarContainer(self, {"kind": "boxes", "left": [], "right": [], "bottom": [], "top": [], "colors": [tones[place % len(tones)]]}, one))
        return artist

    def bar(self, x, height, width=0.8, bottom=None, *, align="center", tick_label=None, xerr=None, yerr=None, capsize=None, ecolor=None, error_kw=None, log=False, **kwargs):
        x, height = self.xaxis.positions(x), flat(height)
        if log:
            self.set_yscale("log")
        x, height = np.broadcast_arrays(x, height)
        width = np.broadcast_to(flat(width), x.shape)
        base = np.zeros(x.shape) if bottom is None else np.broadcast_to(flat(bottom), x.shape)
        left = x - width / 2 if align == "center" else x
        made = self._bars("bar", (left + 0.0, left + width, base + 0.0, base + height), "bottom", kwargs)
        if tick_label is not None:
            self.set_xticks(left + width / 2, [tick_label] * len(x) if isinstance(tick_label, str) else tick_label)
        if yerr is not None or xerr is not None:
            self.errorbar(left + width / 2, base + height, yerr=yerr, xerr=xerr, fmt="none", ecolor="black" if ecolor is None else ecolor, capsize=capsize)
        return made

    def barh(self, y, width, height=0.8, left=None, *, align="center", tick_label=None, xerr=None, capsize=None, ecolor=None, **kwargs):
        y, width = self.yaxis.positions(y), flat(width)
        y, width = np.broadcast_arrays(y, width)
        height = np.broadcast_to(flat(height), y.shape)
        base = np.zeros(y.shape) if left is None else np.broadcast_to(flat(left), y.shape)
        bottom = y - height / 2 if align == "center" else y
        made = self._bars("barh", (base + 0.0, base + width, bottom + 0.0, bottom + height), "left", kwargs)
        if tick_label is not None:
            self.set_yticks(bottom + height / 2, tick_label)
        if xerr is not None:
            self.errorbar(base + width, bottom + height / 2, xerr=xerr, fmt="none", ecolor="black" if ecolor is None else ecolor, capsize=capsize)
        return made

    def bar_label(self, container, labels=None, fmt="%g", label_type="edge", padding=0, **kwargs):
        made = []
        mark = container.mark
        horizontal = mark.get("base") == "left"
        for place in range(len(container)):
            left, right, bottom, top = (float(mark[side][place]) for side in ("left", "right", "bottom", "top"))
            value = right - left if horizontal else top - bottom
            text = labels[place] if labels is not None else fmt.format(value) if "{" in fmt else fmt % value
            end = (right, (bottom + top) / 2) if horizontal else ((left + right) / 2, top)
            if label_type == "center":
                end = ((left + right) / 2, (bottom + top) / 2)
            shift = pt(padding) + 3
            sign = -1 if value < 0 else 1
            place_options = {"ha": "center", "va": "center"} if label_type == "center" else (
                {"ha": "left" if sign > 0 else "right", "va": "center"} if horizontal else {"ha": "center", "va": "bottom" if sign > 0 else "top"})
            offset = (0, 0) if label_type == "center" else (shift * sign, 0) if horizontal else (0, shift * sign)
            text_artist = self._text(end[0], end[1], str(text), {**place_options, **kwargs})
            text_artist.mark["target"] = [float(end[0]), float(end[1])]
            text_artist.mark["offset"] = [float(offset[0]), float(offset[1])]
            made.append(text_artist)
        return made

    def hist(self, x, bins=10, range=None, density=False, weights=None, cumulative=False, bottom=None, histtype="bar", align="mid", orientation="vertical",
             rwidth=None, log=False, stacked=False, **kwargs):
        several = isinstance(x, (list, tuple)) and len(x) > 0 and not isinstance(x[0], (int, float, np.generic)) and hasattr(x[0], "__len__")
        sets = [flat(one) for one in x] if several else [flat(x)]
        sets = [one[np.isfinite(one)] for one in sets]
        pool = np.concatenate(sets) if sets else np.zeros(0)
        edges = np.histogram_bin_edges(pool, bins, range)
        counts = []
        for one in sets:
            own = None if weights is None else weights
            count = np.histogram(one, edges, weights=own, density=bool(density) and not stacked)[0].astype("float64")
            counts.append(count)
        if stacked:
            counts = [one for one in np.cumsum(np.stack(counts), axis=0)]
            if density:
                total = (counts[-1] * np.diff(edges)).sum()
                counts = [one / total for one in counts]
        if cumulative:
            counts = [np.cumsum(one * np.diff(edges)) if density else np.cumsum(one) for one in counts]
        if log:
            if orientation == "vertical":
                self.set_yscale("log")
            else:
                self.set_xscale("log")
        labels = kwargs.pop("label", None)
        tones = kwargs.pop("color", None)
        made = []
        widths = np.diff(edges)
        for place, count in enumerate(counts):
            own = dict(kwargs)
            own["label"] = labels[place] if several and isinstance(labels, (list, tuple)) else labels
            tone = tones[place] if several and isinstance(tones, (list, tuple)) else tones
            own["color"] = self._next_color() if tone is None else tone
            if histtype in ("step", "stepfilled"):
                made.append(self._outline(edges, count, histtype, orientation, own))
                continue
            share = 1.0 / len(counts) if several and not stacked else 1.0
            room = (0.8 if several and not stacked else 1.0) if rwidth is None else rwidth
            start = edges[:-1] + widths * ((1 - room) / 2 + (room * share * place if several and not stacked else 0.0))
            stop = start + widths * room * share
            base = np.zeros(count.shape) if not stacked or place == 0 else counts[place - 1]
            made.append(self._bars("hist", (start, stop, base + 0.0, count) if orientation == "vertical" else (base + 0.0, count, start, stop),
                                   "bottom" if orientation == "vertical" else "left", own))
        if several:
            return np.stack(counts) if counts else np.zeros((0, 0)), edges, made
        return counts[0], edges, made[0]

    def _outline(self, edges, count, histtype, orientation, options):
        x = np.repeat(edges, 2)
        y = np.concatenate([[0.0], np.repeat(count, 2), [0.0]])
        if orientation != "vertical":
            x, y = y, x
        own = _options("hist", options, *_patch_names)
        filled = histtype == "stepfilled"
        tone = own.get("color")
        mark = {
            "kind": "polygon" if filled else "line", "x": x, "y": y, "color": color(tone), "line_color": color(own.get("edgecolor", tone)),
            "line_width": pt(own.get("linewidth", 1.0 if not filled else 0.0)), "dash": dash(own.get("linestyle")),
        }
        return self._add(PolyCollection(self, mark, own.get("label"), own.get("alpha"), own.get("zorder")))

    def stairs(self, values, edges=None, *, fill=False, **kwargs):
        values = flat(values)
        edges = np.arange(values.size + 1) * 1.0 if edges is None else flat(edges)
        kwargs.setdefault("color", self._next_color())
        return self._outline(edges, values, "stepfilled" if fill else "step", "vertical", kwargs)

    def hist2d(self, x, y, bins=10, range=None, cmap=None, **kwargs):
        counts, xedges, yedges = np.histogram2d(flat(x), flat(y), bins, range)
        image = self.imshow(counts.T, origin="lower", aspect="auto", extent=(float(xedges[0]), float(xedges[-1]), float(yedges[0]), float(yedges[-1])), cmap=cmap)
        return counts, xedges, yedges, image

    # Areas, lines, errors

    def fill_between(self, x, y1, y2=0, where=None, interpolate=False, step=None, **kwargs):
        return self._between(False, x, y1, y2, where, kwargs)

    def fill_betweenx(self, y, x1, x2=0, where=None, **kwargs):
        return self._between(True, y, x1, x2, where, kwargs)

    def _between(self, vertical, x, first, second, where, kwargs):
        options = _options("fill_between", kwargs, *_patch_names)
        x = (self.yaxis if vertical else self.xaxis).positions(x)
        first = np.broadcast_to(flat(first), x.shape) + 0.0
        second = np.broadcast_to(flat(second), x.shape) + 0.0
        if where is not None:
            keep = np.asarray(where).astype("bool")
            first, second = np.where(keep, first, float("nan")), np.where(keep, second, float("nan"))
        tone = options.get("color", options.get("facecolor"))
        edge = options.get("edgecolor")
        mark = {
            "kind": "area", "x": x, "lower": second, "upper": first, "color": color(self._next_color() if tone is None else tone), "vertical": vertical,
            "line_color": color(edge) if edge not in (None, "none") else None, "line_width": pt(options.get("linewidth", 1.0)) if edge not in (None, "none") else 0,
        }
        return self._add(PolyCollection(self, mark, options.get("label"), options.get("alpha"), options.get("zorder")))

    def stackplot(self, x, *ys, labels=(), colors=None, alpha=None, **kwargs):
        rows = np.stack([flat(one) for one in ys]) if len(ys) > 1 else np.atleast_2d(numbers(ys[0]))
        total = np.zeros(rows.shape[1])
        made = []
        for place in range(rows.shape[0]):
            upper = total + rows[place]
            own = {"label": labels[place] if place < len(labels) else None, "alpha": alpha}
            if colors is not None:
                own["color"] = colors[place % len(colors)]
            made.append(self.fill_between(x, upper, total, **own))
            total = upper
        return made

    def fill(self, x, y, tone=None, **kwargs):
        options = _options("fill", kwargs, *_patch_names)
        tone = options.get("color", options.get("facecolor", tone))
        mark = {"kind": "polygon", "x": flat(x), "y": flat(y), "color": color(self._next_color() if tone is None else tone),
                "line_color": color(options.get("edgecolor")), "line_width": pt(options.get("linewidth", 1.0)) if options.get("edgecolor") else 0}
        return [self._add(PolyCollection(self, mark, options.get("label"), options.get("alpha"), options.get("zorder")))]

    def _segments(self, function, x0, y0, x1, y1, tone, kwargs, cap=0.0):
        options = _options(function, kwargs, "color", "linewidth", "linestyle", "label", "alpha", "zorder")
        mark = {
            "kind": "segments", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line_color": color(options.get("color", tone)),
            "line_width": pt(options.get("linewidth", rcParams["lines.linewidth"])), "dash": dash(options.get("linestyle")), "cap": cap,
        }
        return self._add(Rule(self, mark, options.get("label"), options.get("alpha"), options.get("zorder")))

    def vlines(self, x, ymin, ymax, colors="C0", linestyles="solid", label="", **kwargs):
        x, ymin, ymax = (one + 0.0 for one in np.broadcast_arrays(self.xaxis.positions(x), flat(ymin), flat(ymax)))
        return self._segments("vlines", x, ymin, x, ymax, colors, {"linestyle": linestyles, "label": label, **kwargs})

    def hlines(self, y, xmin, xmax, colors="C0", linestyles="solid", label="", **kwargs):
        y, xmin, xmax = (one + 0.0 for one in np.broadcast_arrays(self.yaxis.positions(y), flat(xmin), flat(xmax)))
        return self._segments("hlines", xmin, y, xmax, y, colors, {"linestyle": linestyles, "label": label, **kwargs})

    def stem(self, x, y=None, linefmt=None, markerfmt=None, basefmt=None, bottom=0, label=None):
        if y is None:
            x, y = np.arange(len(flat(x))) * 1.0, x
        x, y = flat(x), flat(y)
        tone = self._next_color()
        lines = self._segments("stem", x, np.zeros(x.shape) + bottom, x, y, tone, {})
        self._line(x, y, {"color": tone, "marker": "o", "linestyle": "", "label": label})
        if x.size:
            self._line(np.array([float(x.min()), float(x.max())]), np.array([float(bottom), float(bottom)]), {"color": "C3"})
        return lines

    def errorbar(self, x, y, yerr=None, xerr=None, fmt="", ecolor=None, elinewidth=None, capsize=None, barsabove=False, capthick=None, errorevery=1, **kwargs):
        options = _options("errorbar", kwargs, *_line_names)
        x, y = self.xaxis.positions(x), self.yaxis.positions(y)
        if x.size != y.size:
            raise ValueError("'x' and 'y' must have the same size")
        line = None
        if fmt.lower() == "none":
            tone = ecolor if ecolor is not None else options.get("color", self._next_color() if ecolor is None else None)
        else:
            line = self._line(x, y, options, fmt)
            tone = ecolor if ecolor is not None else line.tone
        bars = []
        for errors, vertical in ((yerr, True), (xerr, False)):
            if errors is None:
                continue
            errors = numbers(errors)
            if errors.ndim == 2 and errors.shape[0] == 2:
                low, high = errors[0], errors[1]
            else:
                low = high = np.broadcast_to(errors, x.shape)
            if low.shape != x.shape:
                raise ValueError(f"'{'yerr' if vertical else 'xerr'}' (shape: {errors.shape}) must be a scalar or a 1D or (2, n) array-like whose shape matches '{'y' if vertical else 'x'}' (shape: {x.shape})")
            if (low < 0).any() or (high < 0).any():
                raise ValueError(f"'{'yerr' if vertical else 'xerr'}' must not contain negative values")
            keep = slice(None, None, errorevery)
            own = {"linewidth": options.get("linewidth", 1.5) if elinewidth is None else elinewidth, "alpha": options.get("alpha")}
            cap = 2 * pt(capsize) if capsize else 0.0
            if vertical:
                bars.append(self._segments("errorbar", x[keep], (y - low)[keep], x[keep], (y + high)[keep], tone, own, cap))
            else:
                bars.append(self._segments("errorbar", (x - low)[keep], y[keep], (x + high)[keep], y[keep], tone, own, cap))
        return line, (), tuple(bars)

    def _rule(self, function, at, vertical, start, stop, kwargs):
        options = _options(function, kwargs, "color", "linewidth", "linestyle", "label", "alpha", "zorder")
        mark = {
            "kind": "rule", "at": float(np.asarray(at)), "vertical": vertical, "from": float(start), "to": float(stop),
            "line_color": color(options.get("color", "C0")), "line_width": pt(options.get("linewidth", rcParams["lines.linewidth"])),
            "dash": dash(options.get("linestyle")),
        }
        return self._add(Rule(self, mark, options.get("label"), options.get("alpha"), options.get("zorder")))

    def axhline(self, y=0, xmin=0, xmax=1, **kwargs):
        return self._rule("axhline", y, False, xmin, xmax, kwargs)

    def axvline(self, x=0, ymin=0, ymax=1, **kwargs):
        return self._rule("axvline", x, True, ymin, ymax, kwargs)

    def _span(self, function, start, stop, vertical, kwargs):
        options = _options(function, kwargs, *_patch_names)
        mark = {"kind": "span", "from": float(start), "to": float(stop), "vertical": vertical, "color": color(options.get("color", options.get("facecolor", "C0")))}
        return self._add(Span(self, mark, options.get("label"), options.get("alpha"), options.get("zorder")))

    def axhspan(self, ymin, ymax, xmin=0, xmax=1, **kwargs):
        return self._span("axhspan", ymin, ymax, False, kwargs)

    def axvspan(self, xmin, xmax, ymin=0, ymax=1, **kwargs):
        return self._span("axvspan", xmin, xmax, True, kwargs)

    # Images

    def imshow(self, X, cmap=None, norm=None, *, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None, origin="upper", extent=None, **kwargs):
        options = _options("imshow", kwargs, "label", "zorder")
        cmap = cm.get_cmap(rcParams["image.cmap"] if cmap is None else cmap)
        norm = norm if norm is not None else Normalize(vmin, vmax)
        if origin not in ("upper", "lower"):
            raise ValueError(f"{origin!r} is not a valid value for origin; supported values are 'upper', 'lower'")
        mark = {"kind": "image", "cmap": cmap.name, "smooth": interpolation in ("bilinear", "bicubic", "lanczos", "hanning", "spline16")}
        image = AxesImage(self, mark, options.get("label"), alpha, options.get("zorder"), norm, cmap)
        image.origin, image.given_extent = origin, extent
        self._set_image(image, X)
        if aspect is None or aspect == "equal":
            self.aspect = 1.0
        elif aspect != "auto":
            self.aspect = float(aspect)
        if origin == "upper" and extent is None:
            self.yaxis.inverted = True
        self.figure.current_image = image
        return self._add(image)

    def _set_image(self, image, values):
        if hasattr(values, "detach"):
            values = values.detach().cpu().numpy() if hasattr(values, "cpu") else values.detach().numpy()
        values = np.asarray(values)
        if values.ndim == 3 and values.shape[2] == 1:
            values = values[..., 0]
        if not (values.ndim == 2 or values.ndim == 3 and values.shape[2] in (3, 4)):
            raise TypeError(f"Invalid shape {values.shape} for image data")
        image.array = values
        rows, columns = values.shape[:2]
        if values.ndim == 2:
            data = image.norm(values)
        elif values.dtype.kind == "f":
            data = np.round(np.clip(np.nan_to_num(values), 0, 1) * 255).astype("uint8")
        else:
            data = np.clip(values.astype("int64"), 0, 255).astype("uint8")
        left, right, bottom, top = (-0.5, columns - 0.5, rows - 0.5, -0.5) if image.origin == "upper" else (-0.5, columns - 0.5, -0.5, rows - 0.5)
        if image.given_extent is not None:
            left, right, bottom, top = (float(one) for one in image.given_extent)
        if image.origin == "lower":
            data = np.ascontiguousarray(data[::-1]) if rows else data
        image.mark["data"], image.mark["extent"] = data, [left, right, bottom, top]

    def matshow(self, Z, **kwargs):
        return self.imshow(Z, **{"interpolation": "nearest", **kwargs})

    def pcolormesh(self, *args, cmap=None, norm=None, vmin=None, vmax=None, alpha=None, shading=None, **kwargs):
        values = numbers(args[-1])
        rows, columns = values.shape
        extent = (0.0, float(columns), 0.0, float(rows))
        if len(args) == 3:
            x, y = numbers(args[0]), numbers(args[1])
            x = x[0] if x.ndim == 2 else x
            y = y[:, 0] if y.ndim == 2 else y

            def ends(edges, count):
                if edges.size == count + 1:
                    return float(edges[0]), float(edges[-1])
                half = float(edges[1] - edges[0]) / 2 if edges.size > 1 else 0.5
                return float(edges[0]) - half, float(edges[-1]) + half

            extent = ends(x, columns) + ends(y, rows)
        return self.imshow(values, cmap, norm, aspect="auto", vmin=vmin, vmax=vmax, alpha=alpha, origin="lower", extent=extent)

    pcolor = pcolormesh

    # Other kinds

    def pie(self, x, explode=None, labels=None, colors=None, autopct=None, startangle=0, counterclock=True, normalize=True, radius=1, shadow=False,
            labeldistance=1.1, pctdistance=0.6, wedgeprops=None, textprops=None):
        x = flat(x)
        if (x < 0).any():
            raise ValueError("Wedge sizes 'x' must be non negative values")
        total = float(x.sum())
        if total == 0:
            raise ValueError("Wedge sizes sum to zero")
        shares = x / total if normalize else x
        tones = [color(one) for one in (colors if colors is not None else _matplotlib.cycle)]
        written = []
        for share in shares.tolist() if autopct is not None else []:
            written.append(autopct(share * 100) if callable(autopct) else autopct % (share * 100))
        if not counterclock:
            shares = shares[::-1]
            labels = None if labels is None else list(labels)[::-1]
            written = written[::-1]
            tones = [tones[place % len(tones)] for place in range(x.size)][::-1]
        mark = {
            "kind": "pie", "fractions": shares, "colors": tones, "labels": [str(one) for one in labels] if labels is not None else [], "values_text": written,
            "start": float(startangle), "explode": [] if explode is None else flat(explode),
        }
        self.aspect = 1.0
        self.framed = False
        self.xaxis.set_visible(False)
        self.yaxis.set_visible(False)
        self._add(Wedges(self, mark))
        return [], []

    def boxplot(self, x, positions=None, widths=None, labels=None, tick_labels=None, showfliers=True, vert=True, whis=1.5, showmeans=False, **kwargs):
        sets = [flat(one) for one in x] if isinstance(x, (list, tuple)) and len(x) and hasattr(x[0], "__len__") else (
            [x[:, column] for column in range(x.shape[1])] if isinstance(x, np.ndarray) and x.ndim == 2 else [flat(x)])
        positions = list(range(1, len(sets) + 1)) if positions is None else list(positions)
        half = (0.25 if len(sets) < 3 else 0.25) if widths is None else float(widths) / 2
        for place, values in zip(positions, sets):
            values = np.sort(values[np.isfinite(values)])
            if not values.size:
                continue
            low, middle, high = (float(one) for one in np.percentile(values, [25, 50, 75]))
            reach = whis * (high - low)
            inside = values[(values >= low - reach) & (values <= high + reach)]
            bottom = min(float(inside.min()), low) if inside.size else low
            top = max(float(inside.max()), high) if inside.size else high
            self._segments("boxplot", [place - half, place - half, place + half, place - half], [low, low, low, high],
                           [place + half, place - half, place + half, place + half], [low, high, high, high], None, {"linewidth": 1.0})
            self._segments("boxplot", [place, place], [low, high], [place, place], [bottom, top], None, {"linewidth": 1.0})
            self._segments("boxplot", [place - half / 2, place - half / 2], [bottom, top], [place + half / 2, place + half / 2], [bottom, top], None, {"linewidth": 1.0})
            self._segments("boxplot", [place - half], [middle], [place + half], [middle], "C1", {"linewidth": 1.5})
            outside = values[(values < bottom) | (values > top)]
            if showfliers and outside.size:
                self._line(np.full(outside.size, float(place)), outside, {"color": "black", "marker": "o", "linestyle": "", "markerfacecolor": "none"})
        names = tick_labels if tick_labels is not None else labels
        self.set_xticks(positions, [str(one) for one in (names if names is not None else positions)])
        if self.xaxis.low is None:
            self.set_xlim(min(positions) - 0.5, max(positions) + 0.5)
        return {}

    # Words

    def _text(self, x, y, s, kwargs, function="text", **extra):
        options = _options(function, kwargs, "color", "fontsize", "horizontalalignment", "verticalalignment", "rotation", "fontweight", "fontstyle", "alpha",
                           "zorder", "bbox", "fontdict", "wrap", "rotation_mode", "annotation_clip")
        box = options.get("bbox")
        weight = options.get("fontweight", "normal")
        mark = {
            "kind": "text", "text": str(s), "x": float(x), "y": float(y), "color": color(options.get("color")), "size": font_size(options.get("fontsize")),
            "horizontal": options.get("horizontalalignment", "left"), "vertical": options.get("verticalalignment", "baseline"),
            "rotation": {"vertical": 90.0, "horizontal": 0.0}.get(options.get("rotation"), options.get("rotation", 0.0)) or 0.0,
            "bold": weight in ("bold", "heavy", "black", "semibold") or isinstance(weight, int) and weight >= 600, "italic": options.get("fontstyle") in ("italic", "oblique"),
            "boxed": box is not None, "box": color(box.get("facecolor", box.get("fc")), box.get("alpha")) if box and box.get("facecolor", box.get("fc")) else None,
        }
        mark.update(extra)
        return self._add(Text(self, mark, None, options.get("alpha"), options.get("zorder")))

    def text(self, x, y, s, fontdict=None, **kwargs):
        fraction = kwargs.pop("transform", None) is self.transAxes
        if fraction:
            return self._text(x, y, s, {**(fontdict or {}), **kwargs}, fraction=True)
        return self._text(self.xaxis.positions([x])[0], self.yaxis.positions([y])[0], s, {**(fontdict or {}), **kwargs})

    def annotate(self, text, xy, xytext=None, xycoords="data", textcoords=None, arrowprops=None, **kwargs):
        if xycoords == "axes fraction":
            return self._text(xy[0], xy[1], text, kwargs, "annotate", fraction=True)
        target = [float(self.xaxis.positions([xy[0]])[0]), float(self.yaxis.positions([xy[1]])[0])]
        extra = {"target": target, "arrow": arrowprops is not None}
        if arrowprops:
            extra["arrow_color"] = color(arrowprops.get("color", arrowprops.get("edgecolor")))
        place = target if xytext is None else xytext
        if xytext is not None and textcoords in ("offset points", "offset pixels"):
            scale = 100 / 72 if textcoords == "offset points" else 1.0
            extra["offset"] = [float(xytext[0]) * scale, float(xytext[1]) * scale]
            place = target
        elif textcoords == "axes fraction":
            extra["fraction"] = True
        else:
            place = [float(self.xaxis.positions([place[0]])[0]), float(self.yaxis.positions([place[1]])[0])]
        return self._text(place[0], place[1], text, kwargs, "annotate", **extra)

    @property
    def transAxes(self):
        return _axes_fraction

    @property
    def transData(self):
        return None

    # Settings

    def set_title(self, label, fontdict=None, loc=None, pad=None, *, fontsize=None, **kwargs):
        self.title_text = None if label == "" else str(label)
        size = fontsize if fontsize is not None else kwargs.get("size", (fontdict or {}).get("fontsize"))
        if size is not None:
            self.title_size = font_size(size)
        self.figure.stale = True

    def get_title(self):
        return self.title_text or ""

    def set_xlabel(self, xlabel, fontdict=None, labelpad=None, *, fontsize=None, **kwargs):
        self.xaxis.set_label_text(xlabel, fontsize if fontsize is not None else kwargs.get("size"))

    def set_ylabel(self, ylabel, fontdict=None, labelpad=None, *, fontsize=None, **kwargs):
        self.yaxis.set_label_text(ylabel, fontsize if fontsize is not None else kwargs.get("size"))

    def get_xlabel(self):
        return self.xaxis.label

    def get_ylabel(self):
        return self.yaxis.label

    def set_xlim(self, left=None, right=None, *, xmin=None, xmax=None, auto=False):
        if isinstance(left, (tuple, list, np.ndarray)):
            left, right = left
        self.xaxis.set_limits(xmin if left is None else left, xmax if right is None else right)
        return self.get_xlim()

    def set_ylim(self, bottom=None, top=None, *, ymin=None, ymax=None, auto=False):
        if isinstance(bottom, (tuple, list, np.ndarray)):
            bottom, top = bottom
        self.yaxis.set_limits(ymin if bottom is None else bottom, ymax if top is None else top)
        return self.get_ylim()

    def _data_limits(self, names, axis):
        values = []
        for artist in self.artists:
            for name in names:
                part = artist.mark.get(name)
                if part is not None and not isinstance(part, (str, float, int)):
                    part = np.asarray(part).astype("float64").ravel()
                    values.append(part[np.isfinite(part)])
        pool = np.concatenate(values) if values else np.zeros(0)
        if not pool.size:
            return 0.0, 1.0
        low, high = float(pool.min()), float(pool.max())
        room = (high - low) * axis.margin if high > low else abs(low) * 0.055 or 0.055
        return low - room, high + room

    def get_xlim(self):
        low, high = self._data_limits(("x", "left", "right", "x0", "x1"), self.xaxis) if self.xaxis.low is None or self.xaxis.high is None else (0, 1)
        ends = (low if self.xaxis.low is None else self.xaxis.low, high if self.xaxis.high is None else self.xaxis.high)
        return ends[::-1] if self.xaxis.inverted else ends

    def get_ylim(self):
        low, high = self._data_limits(("y", "bottom", "top", "y0", "y1", "upper", "lower"), self.yaxis) if self.yaxis.low is None or self.yaxis.high is None else (0, 1)
        ends = (low if self.yaxis.low is None else self.yaxis.low, high if self.yaxis.high is None else self.yaxis.high)
        return ends[::-1] if self.yaxis.inverted else ends

    def axis(self, arg=None, **kwargs):
        if arg in ("off", False):
            self.framed = False
            self.xaxis.set_visible(False)
            self.yaxis.set_visible(False)
        elif arg in ("on", True):
            self.framed = True
            self.xaxis.set_visible(True)
            self.yaxis.set_visible(True)
        elif arg in ("equal", "scaled", "image", "square"):
            self.aspect = 1.0
        elif arg == "tight":
            self.xaxis.margin = self.yaxis.margin = 0.0
        elif arg == "auto":
            self.aspect = None
        elif isinstance(arg, str):
            raise ValueError(f"Unrecognized string {arg!r} to axis; try 'on' or 'off'")
        elif arg is not None:
            self.set_xlim(arg[0], arg[1])
            self.set_ylim(arg[2], arg[3])
        return self.get_xlim() + self.get_ylim()

    def set_axis_off(self):
        self.axis("off")

    def set_axis_on(self):
        self.axis("on")

    def _scale(self, axis, value):
        if value not in ("linear", "log"):
            raise ValueError(f"{value!r} is not a valid value for scale; supported values are 'linear', 'log'")
        axis.scale = value

    def set_xscale(self, value, **kwargs):
        self._scale(self.xaxis, value)

    def set_yscale(self, value, **kwargs):
        self._scale(self.yaxis, value)

    def get_xscale(self):
        return self.xaxis.scale

    def get_yscale(self):
        return self.yaxis.scale

    def set_xticks(self, ticks, labels=None, *, rotation=None, minor=False, fontsize=None, **kwargs):
        if not minor:
            self.xaxis.set_ticks(ticks, labels)
        self._tick_style(self.xaxis, rotation, fontsize)

    def set_yticks(self, ticks, labels=None, *, rotation=None, minor=False, fontsize=None, **kwargs):
        if not minor:
            self.yaxis.set_ticks(ticks, labels)
        self._tick_style(self.yaxis, rotation, fontsize)

    def _tick_style(self, axis, rotation, size):
        if rotation is not None:
            axis.rotation = 90.0 if rotation == "vertical" else float(rotation)
        if size is not None:
            axis.tick_size = font_size(size)

    def set_xticklabels(self, labels, *, rotation=None, fontsize=None, **kwargs):
        self.xaxis.tick_labels = [str(one) for one in labels]
        self._tick_style(self.xaxis, rotation, fontsize)

    def set_yticklabels(self, labels, *, rotation=None, fontsize=None, **kwargs):
        self.yaxis.tick_labels = [str(one) for one in labels]
        self._tick_style(self.yaxis, rotation, fontsize)

    def get_xticks(self):
        return np.array(self.xaxis.ticks if self.xaxis.ticks is not None else [])

    def tick_params(self, axis="both", *, labelsize=None, rotation=None, labelrotation=None, bottom=None, left=None, labelbottom=None, labelleft=None, length=None,
                    **kwargs):
        for one in (self.xaxis, self.yaxis):
            if axis not in ("both", one.axis_name):
                continue
            self._tick_style(one, labelrotation if rotation is None else rotation, labelsize)
            shown, labelled = (bottom, labelbottom) if one is self.xaxis else (left, labelleft)
            if shown is not None:
                one.shows_ticks = bool(shown)
            if labelled is not None:
                one.shows_labels = bool(labelled)
            if length == 0:
                one.shows_ticks = False

    def ticklabel_format(self, **kwargs):
        """Accepted for compatibility: labels are plain up to 10⁶ and share a power of ten beyond."""

    def minorticks_on(self):
        """Accepted for compatibility."""

    def locator_params(self, **kwargs):
        """Accepted for compatibility."""

    def grid(self, visible=None, which="major", axis="both", **kwargs):
        options = _options("grid", kwargs, "color", "linewidth", "linestyle", "alpha", "zorder")
        for one in (self.xaxis, self.yaxis):
            if axis in ("both", one.axis_name):
                one.grid = (True if options or not one.grid else False) if visible is None else bool(visible)
                one.grid_style = options

    def set_aspect(self, aspect, adjustable=None):
        self.aspect = None if aspect == "auto" else 1.0 if aspect == "equal" else float(aspect)

    def set_box_aspect(self, aspect):
        """Accepted for compatibility."""

    def margins(self, *margins, x=None, y=None, tight=True):
        if margins:
            x, y = (margins[0], margins[0]) if len(margins) == 1 else margins
        if x is not None:
            self.xaxis.margin = float(x)
        if y is not None:
            self.yaxis.margin = float(y)

    def invert_xaxis(self):
        self.xaxis.inverted = not self.xaxis.inverted

    def invert_yaxis(self):
        self.yaxis.inverted = not self.yaxis.inverted

    def autoscale(self, enable=True, axis="both", tight=None):
        if axis in ("both", "x"):
            self.xaxis.low = self.xaxis.high = None
        if axis in ("both", "y"):
            self.yaxis.low = self.yaxis.high = None

    def relim(self):
        """Limits follow the data by themselves."""

    autoscale_view = autoscale

    def set_facecolor(self, value):
        self.facecolor = to_rgba(value)

    def label_outer(self):
        if self.cell is not None:
            if self.cell[2] + self.cell[4] < self.cell[0]:
                self.xaxis.shows_labels = False
                self.xaxis.label = ""
            if self.cell[3] > 0:
                self.yaxis.shows_labels = False
                self.yaxis.label = ""

    def set(self, **properties):
        for name, value in properties.items():
            setter = getattr(self, "set_" + name, None)
            if setter is None:
                raise AttributeError(f"Axes.set() got an unexpected keyword argument {name!r}")
            if isinstance(value, tuple) and name in ("xlim", "ylim"):
                setter(*value)
            else:
                setter(value)
        return []

    _places = {0: "best", 1: "upper right", 2: "upper left", 3: "lower left", 4: "lower right", 5: "right", 6: "center left", 7: "center right", 8: "lower center",
               9: "upper center", 10: "center"}

    def legend(self, *args, loc="best", title=None, ncol=None, ncols=1, frameon=True, fontsize=None, handles=None, labels=None, bbox_to_anchor=None, **kwargs):
        if len(args) == 2:
            handles, labels = args
        elif len(args) == 1:
            labels = args[0]
            handles = [one for one in self.artists if not isinstance(one, Text)]
        if labels is not None:
            for artist, label in zip(handles if handles is not None else self.artists, labels):
                artist = artist[0] if isinstance(artist, (tuple, list)) else artist
                artist.label = label
        loc = self._places.get(loc, loc)
        if isinstance(loc, str) and loc not in self._places.values():
            known = ", ".join(repr(one) for one in self._places.values())
            raise ValueError(f"{loc!r} is not a valid value for loc; supported values are {known}")
        if not isinstance(loc, str):
            loc = "best"
        self.legend_ = Legend({"loc": loc, "title": None if title is None else str(title), "columns": float(ncols if ncol is None else ncol), "frame": bool(frameon),
                               "size": font_size(fontsize)})
        self.figure.stale = True
        return self.legend_

    def get_legend(self):
        return self.legend_

    def get_legend_handles_labels(self):
        named = [one for one in self.artists if one.label and not str(one.label).startswith("_")]
        return named, [str(one.label) for one in named]

    def get_lines(self):
        return [one for one in self.artists if isinstance(one, Line2D)]

    @property
    def lines(self):
        return self.get_lines()

    @property
    def images(self):
        return [one for one in self.artists if isinstance(one, AxesImage)]

    @property
    def patches(self):
        return [bar for one in self.artists if isinstance(one, BarContainer) for bar in one.patches]

    @property
    def containers(self):
        return [one for one in self.artists if isinstance(one, BarContainer)]

    def twinx(self):
        return self.figure._add_axes(Axes(self.figure, self.cell, self.rectangle, self if self.twin is None else self.twin))

    def get_figure(self):
        return self.figure

    def cla(self):
        keep = (self.figure, self.cell, self.rectangle, self.twin)
        Axes.__init__(self, *keep)

    clear = cla

    def remove(self):
        self.figure.delaxes(self)

    def describe(self, places):
        legend = None if self.legend_ is None or self.legend_.options.get("hidden") else self.legend_.options
        return {
            "cell": None if self.cell is None else [float(one) for one in self.cell], "rectangle": self.rectangle, "title": self.title_text,
            "title_size": self.title_size, "x": self.xaxis.describe(), "y": self.yaxis.describe(), "frame": self.framed,
            "hidden_spines": sorted(self.spines.hidden), "aspect": self.aspect, "twin": None if self.twin is None else places.get(id(self.twin)),
            "marks": [one.describe() for one in self.artists if one.visible], "legend": legend, "colorbar": self.colorbar_options, "background": self.facecolor,
        }


class _Patch:
    def __init__(self, axes):
        self.axes = axes

    def set_facecolor(self, value):
        self.axes.set_facecolor(value)

    def set_alpha(self, alpha):
        pass

    def set_visible(self, visible):
        pass


class _AxesFraction:
    """Marks coordinates as fractions of the frame."""


_axes_fraction = _AxesFraction()
