"""Figures: a page of axes."""

import os
import numpy as np
import _matplotlib
from matplotlib import cm, rcParams
from matplotlib._values import font_size, pt, color
from matplotlib.artists import Colorbar
from matplotlib.axes import Axes


class GridSpec:
    """A grid of cells; indexing gives the part of it that axes may fill."""

    def __init__(self, nrows, ncols, figure=None, **options):
        self.nrows = nrows
        self.ncols = ncols

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            key = divmod(key if key >= 0 else key + self.nrows * self.ncols, self.ncols) if isinstance(key, int) else (key, slice(None))
        rows, columns = (_span(one, count) for one, count in zip(key, (self.nrows, self.ncols)))
        return (self.nrows, self.ncols, rows[0], columns[0], rows[1], columns[1])


def _span(key, count):
    if isinstance(key, slice):
        start, stop, _ = key.indices(count)
        if stop <= start:
            raise IndexError("GridSpec slice would result in no space allocated for subplot")
        return start, stop - start
    place = key + count if key < 0 else key
    if not 0 <= place < count:
        raise IndexError("index out of range")
    return place, 1


class Figure:
    """What `plt.figure()` returns. It shows itself as SVG where a cell ends with it."""

    def __init__(self, figsize=None, dpi=None, facecolor=None, layout=None, **options):
        size = rcParams["figure.figsize"] if figsize is None else figsize
        self.size = [float(size[0]), float(size[1])]
        if not (self.size[0] > 0 and self.size[1] > 0):
            raise ValueError(f"figure size must be positive finite not {tuple(size)}")
        self.dpi = dpi
        self.axes = []
        self.current_axes = None
        self.current_image = None
        self.title = None
        self.title_size = pt(12)
        self.facecolor = None
        self.stale = False
        self.shown = False
        self.number = 0
        if facecolor is not None:
            self.set_facecolor(facecolor)

    def _add_axes(self, axes):
        self.axes.append(axes)
        self.current_axes = axes
        return axes

    def gca(self):
        return self.current_axes if self.current_axes is not None else self.add_subplot()

    def sca(self, axes):
        self.current_axes = axes
        return axes

    def add_subplot(self, *args, projection=None, sharex=None, sharey=None, **options):
        if projection not in (None, "rectilinear"):
            raise ValueError(f"Unknown projection {projection!r}; only 'rectilinear' axes are available")
        if len(args) == 1 and isinstance(args[0], tuple):
            cell = args[0]
        elif len(args) == 1:
            if not 111 <= args[0] <= 999:
                raise ValueError(f"Integer subplot specification must be a three-digit number, not {args[0]}")
            return self.add_subplot(args[0] // 100, args[0] // 10 % 10, args[0] % 10, sharex=sharex, sharey=sharey)
        elif len(args) == 3:
            rows, columns, place = args
            first, last = place if isinstance(place, tuple) else (place, place)
            if not 1 <= first <= last <= rows * columns:
                raise ValueError(f"num must be an integer with 1 <= num <= {rows * columns}, not {place!r}")
            (top, left), (bottom, right) = divmod(first - 1, columns), divmod(last - 1, columns)
            cell = (rows, columns, top, left, bottom - top + 1, right - left + 1)
        elif not args:
            cell = (1, 1, 0, 0, 1, 1)
        else:
            raise TypeError(f"add_subplot() takes 1 or 3 positional arguments but {len(args)} were given")
        axes = self._add_axes(Axes(self, cell))
        for other, one in ((sharex, "xaxis"), (sharey, "yaxis")):
            if other is not None:
                _share([other, axes], one)
        if options:
            axes.set(**options)
        return axes

    def add_axes(self, rect, **options):
        if isinstance(rect, Axes):
            return self._add_axes(rect)
        axes = self._add_axes(Axes(self, None, [float(one) for one in rect]))
        if options:
            axes.set(**options)
        return axes

    def add_gridspec(self, nrows=1, ncols=1, **options):
        return GridSpec(nrows, ncols)

    def subplots(self, nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None, height_ratios=None, subplot_kw=None, gridspec_kw=None):
        if nrows < 1 or ncols < 1:
            raise ValueError(f"Number of rows and columns must be positive, not {nrows} and {ncols}")
        rows = [[self.add_subplot((nrows, ncols, row, column, 1, 1)) for column in range(ncols)] for row in range(nrows)]
        everyone = [one for row in rows for one in row]
        for mode, name in ((sharex, "xaxis"), (sharey, "yaxis")):
            if mode in (True, "all"):
                _share(everyone, name)
            elif mode == "row":
                for row in rows:
                    _share(row, name)
            elif mode == "col":
                for column in range(ncols):
                    _share([row[column] for row in rows], name)
        if sharex in (True, "all", "col"):
            for row in rows[:-1]:
                for one in row:
                    one.xaxis.shows_labels = False
        if sharey in (True, "all", "row"):
            for row in rows:
                for one in row[1:]:
                    one.yaxis.shows_labels = False
        for one in everyone:
            if subplot_kw:
                one.set(**{name: value for name, value in subplot_kw.items() if name != "projection"})
        if squeeze and nrows == ncols == 1:
            return rows[0][0]
        if squeeze and (nrows == 1 or ncols == 1):
            return AxesArray(everyone, (len(everyone),))
        return AxesArray(everyone, (nrows, ncols))

    def subplot_mosaic(self, mosaic, **options):
        rows = [list(line.strip()) for line in mosaic.strip().splitlines()] if isinstance(mosaic, str) else [list(row) for row in mosaic]
        result = {}
        for r, row in enumerate(rows):
            for c, name in enumerate(row):
                if name == "." or name in result:
                    continue
                places = [(i, j) for i, line in enumerate(rows) for j, other in enumerate(line) if other == name]
                bottom, right = max(i for i, _ in places), max(j for _, j in places)
                result[name] = self.add_subplot((len(rows), len(row), r, c, bottom - r + 1, right - c + 1))
        return result

    def delaxes(self, axes):
        if axes in self.axes:
            self.axes.remove(axes)
        if self.current_axes is axes:
            self.current_axes = self.axes[-1] if self.axes else None

    def get_axes(self):
        return list(self.axes)

    def suptitle(self, t, *, fontsize=None, **options):
        self.title = str(t)
        if fontsize is not None:
            self.title_size = font_size(fontsize)

    def colorbar(self, mappable, cax=None, ax=None, *, label="", ticks=None, orientation="vertical", **options):
        axes = ax if ax is not None else getattr(mappable, "axes", None)
        if axes is None:
            axes = self.gca()
        if isinstance(axes, (list, tuple, AxesArray)):
            axes = list(axes.flat if isinstance(axes, AxesArray) else axes)[-1]
        norm = mappable.norm
        if norm is None:
            raise RuntimeError("No mappable was found to use for colorbar creation: plot with numbers for colours (c=…) or imshow first")
        norm.autoscale_None(np.zeros(0))
        settings = {"cmap": cm.get_cmap(mappable.cmap).name, "low": float(norm.vmin), "high": float(norm.vmax), "label": str(label),
                    "log": type(norm).__name__ == "LogNorm", "ticks": None if ticks is None else [float(one) for one in ticks]}
        axes.colorbar_options = settings
        return Colorbar(axes, settings)

    def legend(self, *args, **options):
        return self.gca().legend(*args, **options)

    def text(self, x, y, s, **options):
        return self.gca().text(x, y, s, transform=self.gca().transAxes, **options)

    def set_size_inches(self, w, h=None):
        self.size = [float(w), float(h)] if h is not None else [float(w[0]), float(w[1])]

    def get_size_inches(self):
        return np.array(self.size)

    def set_figwidth(self, width):
        self.size[0] = float(width)

    def set_figheight(self, height):
        self.size[1] = float(height)

    def set_facecolor(self, value):
        self.facecolor = color(value)
        if self.facecolor is not None and self.facecolor[3] == 0:
            self.facecolor = None

    def set_dpi(self, dpi):
        self.dpi = dpi

    def tight_layout(self, **options):
        """Labels never overlap here; accepted for compatibility."""

    def subplots_adjust(self, **options):
        """Margins follow the labels here; accepted for compatibility."""

    def set_layout_engine(self, engine=None, **options):
        """Accepted for compatibility."""

    def set_tight_layout(self, tight):
        """Accepted for compatibility."""

    def autofmt_xdate(self, rotation=30, **options):
        for axes in self.axes:
            axes.xaxis.rotation = float(rotation)

    def clf(self):
        self.axes = []
        self.current_axes = None
        self.title = None

    clear = clf

    def show(self):
        from matplotlib import pyplot
        pyplot._show([self])

    def _description(self):
        words = [self.title] if self.title else []
        for axes in self.axes:
            if axes.title_text:
                words.append(axes.title_text)
            elif axes.yaxis.label or axes.xaxis.label:
                words.append(" over ".join(one for one in (axes.yaxis.label, axes.xaxis.label) if one))
            words += [str(one.label) for one in axes.artists if one.label and not str(one.label).startswith("_")]
        return "Plot: " + ", ".join(words).replace("\n", " ") if words else "Plot"

    def _describe(self):
        places = {id(axes): float(place) for place, axes in enumerate(self.axes)}
        return {
            "width": self.size[0] * 100, "height": self.size[1] * 100, "title": self.title, "title_size": self.title_size, "description": self._description(),
            "background": self.facecolor, "axes": [axes.describe(places) for axes in self.axes],
        }

    def _described_with_shared_limits(self):
        for name in ("xaxis", "yaxis"):
            _settle(self.axes, name)
        return self._describe()

    def to_svg(self, light=False):
        """The picture as text; it takes the colours of whoever shows it unless `light` asks for black on white."""
        kept = [(axis, axis.low, axis.high) for axes in self.axes for axis in (axes.xaxis, axes.yaxis)]
        try:
            return _matplotlib.svg(self._described_with_shared_limits(), light)
        finally:
            for axis, low, high in kept:
                axis.low, axis.high = low, high

    def _repr_svg_(self):
        self.shown = True
        return self.to_svg()

    def __repr__(self):
        return f"<Figure size {self.size[0] * 100:g}x{self.size[1] * 100:g} with {len(self.axes)} Axes>"

    def savefig(self, fname, *, dpi=None, format=None, bbox_inches=None, transparent=None, facecolor=None, pad_inches=None, **options):
        if hasattr(fname, "write"):
            kind = "svg" if format is None else format
            if kind != "svg":
                raise ValueError("only format='svg' can be written to an open file; give a file name for PNG")
            text = self.to_svg()
            try:
                fname.write(text)
            except TypeError:
                fname.write(text.encode("utf-8"))
            return
        path = os.fspath(fname)
        kind = format if format is not None else os.path.splitext(path)[1].lstrip(".").lower()
        if kind == "":
            kind = "png"
            path += ".png"
        if kind == "svg":
            with open(path, "w", encoding="utf-8") as handle:
                handle.write(self.to_svg())
        elif kind == "png":
            scale = (dpi if dpi not in (None, "figure") else self.dpi or rcParams["figure.dpi"]) / 100.0
            kept = [(axis, axis.low, axis.high) for axes in self.axes for axis in (axes.xaxis, axes.yaxis)]
            _matplotlib.save_png(self._described_with_shared_limits(), path, scale)
            for axis, low, high in kept:
                axis.low, axis.high = low, high
        else:
            raise ValueError(f"Format {kind!r} is not supported (supported formats: png, svg)")


class AxesArray:
    """The axes of `subplots`, indexed and iterated as an array."""

    def __init__(self, axes, shape):
        self._axes = list(axes)
        self.shape = shape
        self.ndim = len(shape)
        self.size = len(self._axes)

    def __len__(self):
        return self.shape[0]

    def _row(self, place):
        count = self.shape[0]
        if not -count <= place < count:
            raise IndexError(f"index {place} is out of bounds for axis 0 with size {count}")
        place %= count
        return self._axes[place] if self.ndim == 1 else AxesArray(self._axes[place * self.shape[1]:(place + 1) * self.shape[1]], (self.shape[1],))

    def __getitem__(self, key):
        if isinstance(key, tuple) and self.ndim == 2:
            rows, columns = key
            if isinstance(rows, slice):
                chosen = [self._row(place) for place in range(*rows.indices(self.shape[0]))]
                if isinstance(columns, slice):
                    parts = [row[columns] for row in chosen]
                    return AxesArray([one for part in parts for one in part], (len(parts), len(parts[0]) if parts else 0))
                return AxesArray([row[columns] for row in chosen], (len(chosen),))
            return self._row(rows.__index__())[columns]
        if isinstance(key, slice):
            chosen = [self._row(place) for place in range(*key.indices(self.shape[0]))]
            if self.ndim == 1:
                return AxesArray(chosen, (len(chosen),))
            return AxesArray([one for row in chosen for one in row], (len(chosen), self.shape[1]))
        if isinstance(key, tuple):
            raise IndexError(f"too many indices for array: array is {self.ndim}-dimensional, but {len(key)} were indexed")
        return self._row(key.__index__())

    def __iter__(self):
        return iter([self._row(place) for place in range(self.shape[0])])

    @property
    def flat(self):
        return list(self._axes)

    def ravel(self):
        return AxesArray(self._axes, (self.size,))

    flatten = ravel

    def reshape(self, *shape):
        sizes = list(shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape)
        if -1 in sizes:
            known = 1
            for one in sizes:
                known *= one if one != -1 else 1
            sizes[sizes.index(-1)] = self.size // known
        return AxesArray(self._axes, tuple(sizes))

    @property
    def T(self):
        if self.ndim == 1:
            return self
        rows, columns = self.shape
        return AxesArray([self._axes[row * columns + column] for column in range(columns) for row in range(rows)], (columns, rows))

    def tolist(self):
        return [one.tolist() if isinstance(one, AxesArray) else one for one in self]


def _share(axes, name):
    group = []
    for one in axes:
        axis = getattr(one, name)
        for member in axis.group or [axis]:
            if member not in group:
                group.append(member)
    for axis in group:
        axis.group = group


def _settle(axes, name):
    """Gives axes that share a direction the limits that hold the data of all."""
    done = []
    for one in axes:
        group = getattr(one, name).group
        if not group or group in done:
            continue
        done.append(group)
        members = [axis for axis in group]
        ends = [axis.axes.get_xlim() if name == "xaxis" else axis.axes.get_ylim() for axis in members if axis.axes.artists]
        if not ends:
            continue
        low, high = min(min(pair) for pair in ends), max(max(pair) for pair in ends)
        for axis in members:
            axis.low = low if axis.low is None else axis.low
            axis.high = high if axis.high is None else axis.high
