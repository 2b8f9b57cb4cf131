"""Plotting by functions that act on the current figure and axes."""

import _matplotlib
from matplotlib import cm, rcParams, rc, rcdefaults
from matplotlib.figure import Figure, GridSpec
from matplotlib.axes import Axes

_figures = {}
_current = None


class _Styles:
    available = ["default", "ggplot", "seaborn-v0_8", "seaborn-v0_8-whitegrid", "bmh", "fast", "classic", "dark_background"]

    def use(self, name):
        names = [name] if isinstance(name, str) else name
        for one in names:
            if isinstance(one, str) and one not in self.available and not one.startswith("seaborn"):
                raise OSError(f"{one!r} is not a valid package style, path of style file, URL of style file, or library style name")
            if isinstance(one, dict):
                rcParams.update(one)
            elif "grid" in one or one in ("ggplot", "bmh", "seaborn-v0_8"):
                rcParams["axes.grid"] = True
            elif one == "default":
                rcdefaults()

    def context(self, name):
        return rc_context()


style = _Styles()


class rc_context:
    """Settings for the time of a `with` block."""

    def __init__(self, rc=None):
        self.settings = rc or {}

    def __enter__(self):
        self.kept = dict(rcParams)
        rcParams.update(self.settings)

    def __exit__(self, *error):
        rcParams.clear()
        rcParams.update(self.kept)


# Figures


def figure(num=None, figsize=None, dpi=None, *, clear=False, **options):
    global _current
    if isinstance(num, Figure):
        _current = num
        return num
    if num is not None and num in _figures:
        _current = _figures[num]
        if clear:
            _current.clf()
        return _current
    made = Figure(figsize, dpi, **options)
    if num is None:
        num = max([one for one in _figures if isinstance(one, int)], default=0) + 1
    made.number = num
    _figures[num] = made
    _current = made
    return made


def gcf():
    return _current if _current is not None else figure()


def gca():
    return gcf().gca()


def sca(ax):
    global _current
    _current = ax.figure
    ax.figure.sca(ax)


def subplots(nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None, height_ratios=None, subplot_kw=None, gridspec_kw=None, **options):
    made = figure(**options)
    return made, made.subplots(nrows, ncols, sharex=sharex, sharey=sharey, squeeze=squeeze, subplot_kw=subplot_kw)


def subplot(*args, **options):
    made = gcf()
    if not args:
        args = (1, 1, 1)
    wanted = Figure().add_subplot(*args).cell
    for one in made.axes:
        if one.cell == wanted and one.twin is None:
            return made.sca(one)
    return made.add_subplot(*args, **options)


def subplot2grid(shape, loc, rowspan=1, colspan=1, fig=None):
    return (fig or gcf()).add_subplot((shape[0], shape[1], loc[0], loc[1], rowspan, colspan))


def subplot_mosaic(mosaic, **options):
    made = figure(**options)
    return made, made.subplot_mosaic(mosaic)


def axes(arg=None, **options):
    return gcf().add_subplot() if arg is None else gcf().add_axes(arg, **options)


def close(fig=None):
    global _current
    if fig == "all":
        _figures.clear()
        _current = None
        return
    if fig is None:
        fig = _current
    for number, one in list(_figures.items()):
        if one is fig or number == fig:
            del _figures[number]
            if _current is one:
                _current = list(_figures.values())[-1] if _figures else None


def get_fignums():
    return sorted(one for one in _figures if isinstance(one, int))


def fignum_exists(num):
    return num in _figures


def clf():
    gcf().clf()


def cla():
    gca().cla()


def delaxes(ax=None):
    gcf().delaxes(gca() if ax is None else ax)


def twinx(ax=None):
    return (gca() if ax is None else ax).twinx()


# Showing and saving


def _show(figures):
    import _notebook
    if not _notebook.is_running():
        import warnings
        warnings.warn("there is no cell to show the figure in: save it with savefig()", UserWarning, 3)
        return
    for one in figures:
        _notebook.display(one)
        one.shown = True


def show(*, block=None, **options):
    """Shows every open figure below the cell, and closes them."""
    figures = [one for one in _figures.values() if one.axes or one.title]
    _show(figures)
    close("all")


def _end_of_cell():
    """Called when a cell has finished: what was drawn and not shown appears below it."""
    _show([one for one in _figures.values() if one.axes and not one.shown])
    close("all")


def draw():
    """Figures are drawn when shown."""


def pause(interval):
    """Accepted for compatibility."""


def ion():
    """Accepted for compatibility."""


def ioff():
    """Accepted for compatibility."""


def isinteractive():
    return False


def switch_backend(newbackend):
    """Accepted for compatibility."""


def savefig(fname, **options):
    gcf().savefig(fname, **options)


def tight_layout(**options):
    """Labels never overlap here; accepted for compatibility."""


def subplots_adjust(**options):
    """Margins follow the labels here; accepted for compatibility."""


def suptitle(t, **options):
    gcf().suptitle(t, **options)


def figtext(x, y, s, **options):
    return gcf().text(x, y, s, **options)


def colorbar(mappable=None, cax=None, ax=None, **options):
    if mappable is None:
        mappable = gcf().current_image
        if mappable is None:
            raise RuntimeError("No mappable was found to use for colorbar creation. First define a mappable such as an image (with imshow) or a scatter with c=.")
    return gcf().colorbar(mappable, cax, ax, **options)


def get_cmap(name=None, lut=None):
    return cm.get_cmap(name, lut)


def setp(obj, **properties):
    for one in obj if isinstance(obj, (list, tuple)) else [obj]:
        one.set(**properties)


def clim(vmin=None, vmax=None):
    image = gcf().current_image
    if image is None:
        raise RuntimeError("You must first define an image, e.g., with imshow")
    image.set_clim(vmin, vmax)


# The methods of the current axes as functions


def plot(*args, **kwargs):
    return gca().plot(*args, **kwargs)


def scatter(x, y, *args, **kwargs):
    return gca().scatter(x, y, *args, **kwargs)


def bar(x, height, *args, **kwargs):
    return gca().bar(x, height, *args, **kwargs)


def barh(y, width, *args, **kwargs):
    return gca().barh(y, width, *args, **kwargs)


def bar_label(container, *args, **kwargs):
    return gca().bar_label(container, *args, **kwargs)


def hist(x, *args, **kwargs):
    return gca().hist(x, *args, **kwargs)


def hist2d(x, y, *args, **kwargs):
    return gca().hist2d(x, y, *args, **kwargs)


def imshow(X, *args, **kwargs):
    return gca().imshow(X, *args, **kwargs)


def matshow(A, *args, **kwargs):
    return gca().matshow(A, *args, **kwargs)


def pcolormesh(*args, **kwargs):
    return gca().pcolormesh(*args, **kwargs)


def errorbar(x, y, *args, **kwargs):
    return gca().errorbar(x, y, *args, **kwargs)


def fill_between(x, y1, *args, **kwargs):
    return gca().fill_between(x, y1, *args, **kwargs)


def fill_betweenx(y, x1, *args, **kwargs):
    return gca().fill_betweenx(y, x1, *args, **kwargs)


def fill(x, y, *args, **kwargs):
    return gca().fill(x, y, *args, **kwargs)


def stackplot(x, *args, **kwargs):
    return gca().stackplot(x, *args, **kwargs)


def step(x, y, *args, **kwargs):
    return gca().step(x, y, *args, **kwargs)


def stairs(values, *args, **kwargs):
    return gca().stairs(values, *args, **kwargs)


def stem(*args, **kwargs):
    return gca().stem(*args, **kwargs)


def pie(x, *args, **kwargs):
    return gca().pie(x, *args, **kwargs)


def boxplot(x, *args, **kwargs):
    return gca().boxplot(x, *args, **kwargs)


def semilogy(*args, **kwargs):
    return gca().semilogy(*args, **kwargs)


def semilogx(*args, **kwargs):
    return gca().semilogx(*args, **kwargs)


def loglog(*args, **kwargs):
    return gca().loglog(*args, **kwargs)


def axhline(y=0, *args, **kwargs):
    return gca().axhline(y, *args, **kwargs)


def axvline(x=0, *args, **kwargs):
    return gca().axvline(x, *args, **kwargs)


def axhspan(ymin, ymax, *args, **kwargs):
    return gca().axhspan(ymin, ymax, *args, **kwargs)


def axvspan(xmin, xmax, *args, **kwargs):
    return gca().axvspan(xmin, xmax, *args, **kwargs)


def hlines(y, xmin, xmax, *args, **kwargs):
    return gca().hlines(y, xmin, xmax, *args, **kwargs)


def vlines(x, ymin, ymax, *args, **kwargs):
    return gca().vlines(x, ymin, ymax, *args, **kwargs)


def text(x, y, s, *args, **kwargs):
    return gca().text(x, y, s, *args, **kwargs)


def annotate(text, xy, *args, **kwargs):
    return gca().annotate(text, xy, *args, **kwargs)


def legend(*args, **kwargs):
    return gca().legend(*args, **kwargs)


def grid(visible=None, *args, **kwargs):
    gca().grid(visible, *args, **kwargs)


def title(label, *args, **kwargs):
    gca().set_title(label, *args, **kwargs)


def xlabel(label, *args, **kwargs):
    gca().set_xlabel(label, *args, **kwargs)


def ylabel(label, *args, **kwargs):
    gca().set_ylabel(label, *args, **kwargs)


def xlim(*args, **kwargs):
    return gca().set_xlim(*args, **kwargs) if args or kwargs else gca().get_xlim()


def ylim(*args, **kwargs):
    return gca().set_ylim(*args, **kwargs) if args or kwargs else gca().get_ylim()


def xscale(value, **kwargs):
    gca().set_xscale(value, **kwargs)


def yscale(value, **kwargs):
    gca().set_yscale(value, **kwargs)


def xticks(ticks=None, labels=None, **kwargs):
    axes = gca()
    if ticks is not None:
        axes.set_xticks(ticks, labels, **kwargs)
    elif kwargs:
        axes._tick_style(axes.xaxis, kwargs.get("rotation"), kwargs.get("fontsize"))
    return axes.get_xticks(), []


def yticks(ticks=None, labels=None, **kwargs):
    axes = gca()
    if ticks is not None:
        axes.set_yticks(ticks, labels, **kwargs)
    elif kwargs:
        axes._tick_style(axes.yaxis, kwargs.get("rotation"), kwargs.get("fontsize"))


def axis(arg=None, **kwargs):
    return gca().axis(arg, **kwargs)


def margins(*args, **kwargs):
    gca().margins(*args, **kwargs)


def tick_params(axis="both", **kwargs):
    gca().tick_params(axis, **kwargs)


def ticklabel_format(**kwargs):
    gca().ticklabel_format(**kwargs)


def minorticks_on():
    """Accepted for compatibility."""


def locator_params(**kwargs):
    """Accepted for compatibility."""
