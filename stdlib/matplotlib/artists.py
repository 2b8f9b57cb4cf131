"""What axes hold: each artist describes itself as a mark when the figure is drawn."""

import numpy as np
from matplotlib._values import color, dash, pt, flat, font_size


class Artist:
    order = 0

    def __init__(self, axes, mark, label=None, alpha=None, zorder=None):
        self.axes = axes
        self.mark = mark
        self.label = label
        self.alpha = alpha
        self.zorder = self.order if zorder is None else zorder
        self.visible = True

    def describe(self):
        mark = dict(self.mark)
        mark["label"] = None if self.label is None else str(self.label)
        mark["alpha"] = 1.0 if self.alpha is None else float(self.alpha)
        mark["order"] = float(self.zorder)
        return mark

    def remove(self):
        if self in self.axes.artists:
            self.axes.artists.remove(self)

    def set_label(self, label):
        self.label = label

    def get_label(self):
        return self.label

    def set_alpha(self, alpha):
        self.alpha = alpha

    def set_zorder(self, level):
        self.zorder = level

    def set_visible(self, visible):
        self.visible = visible

    def set(self, **properties):
        for name, value in properties.items():
            setter = getattr(self, "set_" + name, None)
            if setter is None:
                raise AttributeError(f"{type(self).__name__}.set() got an unexpected keyword argument {name!r}")
            setter(value)


class Line2D(Artist):
    order = 2

    def set_data(self, x, y):
        self.mark["x"], self.mark["y"] = flat(x), flat(y)

    def set_xdata(self, x):
        self.mark["x"] = flat(x)

    def set_ydata(self, y):
        self.mark["y"] = flat(y)

    def get_data(self):
        return self.mark["x"], self.mark["y"]

    def get_xdata(self):
        return self.mark["x"]

    def get_ydata(self):
        return self.mark["y"]

    def set_color(self, value):
        self.tone = value
        self.mark["line_color"] = self.mark["marker_face"] = color(value)

    def get_color(self):
        return self.tone

    def set_linewidth(self, width):
        self.mark["line_width"] = pt(width)

    set_lw = set_linewidth

    def set_linestyle(self, style):
        self.mark["dash"] = dash(style)

    set_ls = set_linestyle

    def set_marker(self, marker):
        self.mark["marker"] = marker


class PathCollection(Artist):
    order = 1

    def __init__(self, axes, mark, label=None, alpha=None, zorder=None, norm=None, cmap=None):
        super().__init__(axes, mark, label, alpha, zorder)
        self.norm = norm
        self.cmap = cmap

    def set_offsets(self, offsets):
        offsets = np.asarray(offsets)
        self.mark["x"], self.mark["y"] = flat(offsets[:, 0]), flat(offsets[:, 1])

    def legend_elements(self, **options):
        return [], []


class PolyCollection(Artist):
    order = 1


class BarContainer(Artist):
    order = 1
    errors = None

    def __len__(self):
        return len(self.mark["left"])

    def __iter__(self):
        return iter(self.patches)

    def __getitem__(self, place):
        return self.patches[place]

    @property
    def patches(self):
        return [Rectangle(self, place) for place in range(len(self))]


class Rectangle:
    """One bar of a container."""

    def __init__(self, container, place):
        self.container = container
        self.place = place

    def _edge(self, name):
        return float(self.container.mark[name][self.place])

    def get_x(self):
        return self._edge("left")

    def get_y(self):
        return min(self._edge("bottom"), self._edge("top"))

    def get_width(self):
        return self._edge("right") - self._edge("left")

    def get_height(self):
        return self._edge("top") - self._edge("bottom")

    def set_color(self, value):
        mark = self.container.mark
        if len(mark["colors"]) == 1:
            mark["colors"] = list(mark["colors"]) * len(self.container)
        mark["colors"][self.place] = color(value)

    set_facecolor = set_color

    def set_height(self, height):
        self.container.mark["top"][self.place] = self._edge("bottom") + height


class Rule(Artist):
    order = 2


class Span(Artist):
    order = 1


class Text(Artist):
    order = 3

    def set_text(self, text):
        self.mark["text"] = str(text)

    def get_text(self):
        return self.mark["text"]

    def set_color(self, value):
        self.mark["color"] = color(value)

    def set_fontsize(self, size):
        self.mark["size"] = font_size(size)


class AxesImage(Artist):
    order = 0

    def __init__(self, axes, mark, label=None, alpha=None, zorder=None, norm=None, cmap=None, array=None):
        super().__init__(axes, mark, label, alpha, zorder)
        self.norm = norm
        self.cmap = cmap
        self.array = array

    def set_data(self, values):
        self.axes._set_image(self, values)

    def get_array(self):
        return self.array

    def set_clim(self, vmin=None, vmax=None):
        self.norm.vmin, self.norm.vmax = vmin, vmax
        self.axes._set_image(self, self.array)

    def set_cmap(self, cmap):
        from matplotlib.cm import get_cmap
        self.cmap = get_cmap(cmap)
        self.mark["cmap"] = self.cmap.name


class Wedges(Artist):
    order = 1


class Legend:
    """The settings of a legend."""

    def __init__(self, options):
        self.options = options

    def set_title(self, title):
        self.options["title"] = title

    def remove(self):
        self.options["hidden"] = True


class Colorbar:
    def __init__(self, axes, options):
        self.ax = axes
        self.options = options

    def set_label(self, label, **options):
        self.options["label"] = str(label)

    def set_ticks(self, ticks, **options):
        self.options["ticks"] = flat(ticks)


class Spine:
    def __init__(self, spines, name):
        self.spines = spines
        self.name = name

    def set_visible(self, visible):
        if visible:
            self.spines.hidden.discard(self.name)
        else:
            self.spines.hidden.add(self.name)

    def set_color(self, value):
        if value == "none":
            self.set_visible(False)

    def set_linewidth(self, width):
        if not width:
            self.set_visible(False)


class Spines:
    """The four sides of the frame."""

    names = ("left", "right", "bottom", "top")

    def __init__(self):
        self.hidden = set()

    def __getitem__(self, key):
        if key == slice(None):
            return SpineGroup([Spine(self, name) for name in self.names])
        keys = key if isinstance(key, (list, tuple)) else (key,)
        for name in keys:
            if name not in self.names:
                raise KeyError(name)
        return Spine(self, key) if isinstance(key, str) else SpineGroup([Spine(self, name) for name in keys])

    def __getattr__(self, name):
        if name not in Spines.names:
            raise AttributeError(f"'Spines' object does not contain a '{name}' spine")
        return Spine(self, name)

    def values(self):
        return [Spine(self, name) for name in self.names]


class SpineGroup:
    def __init__(self, spines):
        self.spines = spines

    def set_visible(self, visible):
        for one in self.spines:
            one.set_visible(visible)
