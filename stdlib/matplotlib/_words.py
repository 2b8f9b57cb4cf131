"""Text and annotations."""

from matplotlib._options import _options
from matplotlib._values import color, font_size
from matplotlib.artists import Text


class _AxesFraction:
    """Marks coordinates as fractions of the frame."""


_axes_fraction = _AxesFraction()


class Words:
    """Text and annotations."""

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
