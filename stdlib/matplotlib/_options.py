"""Keyword arguments of plotting methods."""

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
