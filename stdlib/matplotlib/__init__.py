"""The part of Matplotlib that notebooks draw with; figures are SVG."""

from matplotlib import colors, cm

__version__ = "3.10"
rcParams = {
    "figure.figsize": [6.4, 4.8], "figure.dpi": 100.0, "lines.linewidth": 1.5, "lines.markersize": 6.0, "axes.grid": False, "font.size": 10.0,
    "axes.titlesize": 12.0, "axes.labelsize": 10.0, "xtick.labelsize": 10.0, "ytick.labelsize": 10.0, "legend.fontsize": 10.0,
    "image.cmap": "viridis", "savefig.dpi": "figure", "axes.spines.top": True, "axes.spines.right": True,
}
_defaults = dict(rcParams)


def rc(group, **settings):
    for name, value in settings.items():
        rcParams[group + "." + name] = value


def rcdefaults():
    rcParams.clear()
    rcParams.update(_defaults)


def use(backend, *, force=True):
    """Accepted for compatibility: there is one way of drawing."""


def get_backend():
    return "svg"
