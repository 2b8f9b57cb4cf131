"""Areas, rules, error bars."""

import numpy as np
from matplotlib import rcParams
from matplotlib._options import _line_names, _options, _patch_names
from matplotlib._values import color, dash, flat, numbers, pt
from matplotlib.artists import PolyCollection, Rule, Span


class Areas:
    """Areas, rules, error bars."""

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
            "kind": "area", "x": x, "lower": second, "upper": first, "color": color(self._next_fill() if tone is None else tone), "vertical": vertical,
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
            own["color"] = self._next_color() if colors is None else colors[place % len(colors)]
            made.append(self.fill_between(x, upper, total, **own))
            total = upper
        return made

    def fill(self, x, y, tone=None, **kwargs):
        options = _options("fill", kwargs, *_patch_names)
        tone = options.get("color", options.get("facecolor", tone))
        mark = {"kind": "polygon", "x": flat(x), "y": flat(y), "color": color(self._next_fill() if tone is None else tone),
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
        tone = "C0"
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
