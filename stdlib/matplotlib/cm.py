"""Palettes as attributes: `cm.viridis(0.5)`."""

import _matplotlib
from matplotlib.colors import Colormap


def get_cmap(name=None, lut=None):
    if isinstance(name, Colormap):
        return name
    return Colormap("viridis" if name is None else name, 256 if lut is None else lut)


class ScalarMappable:
    """A palette with a scale, for colour bars of their own."""

    def __init__(self, norm=None, cmap=None):
        from matplotlib.colors import Normalize
        self.norm = norm if norm is not None else Normalize(0, 1)
        self.cmap = get_cmap(cmap)

    def set_array(self, values):
        if values is not None:
            self.norm.autoscale_None(values)

    def to_rgba(self, values):
        return self.cmap(self.norm(values))


def __getattr__(name):
    if name in _matplotlib.palettes or name.endswith("_r") and name[:-2] in _matplotlib.palettes:
        return Colormap(name)
    raise AttributeError(f"module 'matplotlib.cm' has no attribute '{name}'")
