"""Axes: what the plotting methods record."""

import numpy as np
import _matplotlib
from matplotlib import rcParams
from matplotlib._areas import Areas
from matplotlib._bars import Bars
from matplotlib._images import Images
from matplotlib._options import _options
from matplotlib._series import Series
from matplotlib._values import font_size, pt
from matplotlib._words import Words
from matplotlib.artists import AxesImage, BarContainer, Legend, Line2D, Spines, Text
from matplotlib.axis import Axis
from matplotlib.colors import to_rgba


class Axes(Series, Bars, Areas, Images, Words):
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
        self.fill_position = 0
        self.facecolor = None
        self.patch = _Patch(self)
        if rcParams["axes.grid"]:
            self.grid(True)
        for side in ("top", "right"):
            if not rcParams["axes.spines." + side]:
                self.spines.hidden.add(side)

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
