"""Bars and histograms."""

import numpy as np
from matplotlib._options import _options, _patch_names
from matplotlib._values import color, dash, flat, pt
from matplotlib.artists import BarContainer, PolyCollection


class Bars:
    """Bars and histograms."""

    def _bars(self, function, edges, base, kwargs, tick_labels=None):
        options = _options(function, kwargs, *_patch_names)
        left, right, bottom, top = edges
        tone = options.get("color", options.get("facecolor"))
        several = isinstance(tone, (list, np.ndarray)) and len(tone) and not isinstance(tone[0], (int, float))
        tones = [color(one) for one in tone] if several else [color(self._next_fill() if tone is None else tone)]
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
            errors = self.errorbar(left + width / 2, base + height, yerr=yerr, xerr=xerr, fmt="none", ecolor="black" if ecolor is None else ecolor, capsize=capsize)
            made.errors = errors[2][0] if yerr is not None else None
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
            errors = self.errorbar(base + width, bottom + height / 2, xerr=xerr, fmt="none", ecolor="black" if ecolor is None else ecolor, capsize=capsize)
            made.errors = errors[2][0]
        return made

    def bar_label(self, container, labels=None, fmt="%g", label_type="edge", padding=0, **kwargs):
        made = []
        mark = container.mark
        horizontal = mark.get("base") == "left"
        for place in range(len(container)):
            left, right, bottom, top = (float(mark[side][place]) for side in ("left", "right", "bottom", "top"))
            value = right - left if horizontal else top - bottom
            text = labels[place] if labels is not None else fmt.format(value) if "{" in fmt else fmt % value
            if container.errors is not None and label_type == "edge":
                # Beyond the error bar, on the side the bar points to.
                reach = float(container.errors.mark[("x" if horizontal else "y") + ("1" if value >= 0 else "0")][place])
            else:
                reach = right if horizontal else top
            end = (reach, (bottom + top) / 2) if horizontal else ((left + right) / 2, reach)
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
