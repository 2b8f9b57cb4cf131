"""Images, pies, box plots."""

import numpy as np
import _matplotlib
from matplotlib import rcParams, cm
from matplotlib._options import _options
from matplotlib._values import color, flat, numbers
from matplotlib.artists import AxesImage, Wedges
from matplotlib.colors import Normalize


class Images:
    """Images, pies, box plots."""

    def imshow(self, X, cmap=None, norm=None, *, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None, origin="upper", extent=None, **kwargs):
        options = _options("imshow", kwargs, "label", "zorder")
        cmap = cm.get_cmap(rcParams["image.cmap"] if cmap is None else cmap)
        norm = norm if norm is not None else Normalize(vmin, vmax)
        if origin not in ("upper", "lower"):
            raise ValueError(f"{origin!r} is not a valid value for origin; supported values are 'upper', 'lower'")
        mark = {"kind": "image", "cmap": cmap.name, "smooth": interpolation in ("bilinear", "bicubic", "lanczos", "hanning", "spline16")}
        image = AxesImage(self, mark, options.get("label"), alpha, options.get("zorder"), norm, cmap)
        image.origin, image.given_extent = origin, extent
        self._set_image(image, X)
        if aspect is None or aspect == "equal":
            self.aspect = 1.0
        elif aspect != "auto":
            self.aspect = float(aspect)
        if origin == "upper" and extent is None:
            self.yaxis.inverted = True
        self.figure.current_image = image
        return self._add(image)

    def _set_image(self, image, values):
        if hasattr(values, "detach"):
            values = values.detach().cpu().numpy() if hasattr(values, "cpu") else values.detach().numpy()
        values = np.asarray(values)
        if values.ndim == 3 and values.shape[2] == 1:
            values = values[..., 0]
        if not (values.ndim == 2 or values.ndim == 3 and values.shape[2] in (3, 4)):
            raise TypeError(f"Invalid shape {values.shape} for image data")
        image.array = values
        rows, columns = values.shape[:2]
        if values.ndim == 2:
            data = image.norm(values)
        elif values.dtype.kind == "f":
            data = np.round(np.clip(np.nan_to_num(values), 0, 1) * 255).astype("uint8")
        else:
            data = np.clip(values.astype("int64"), 0, 255).astype("uint8")
        left, right, bottom, top = (-0.5, columns - 0.5, rows - 0.5, -0.5) if image.origin == "upper" else (-0.5, columns - 0.5, -0.5, rows - 0.5)
        if image.given_extent is not None:
            left, right, bottom, top = (float(one) for one in image.given_extent)
        if image.origin == "lower":
            data = np.ascontiguousarray(data[::-1]) if rows else data
        image.mark["data"], image.mark["extent"] = data, [left, right, bottom, top]

    def matshow(self, Z, **kwargs):
        return self.imshow(Z, **{"interpolation": "nearest", **kwargs})

    def pcolormesh(self, *args, cmap=None, norm=None, vmin=None, vmax=None, alpha=None, shading=None, **kwargs):
        values = numbers(args[-1])
        rows, columns = values.shape
        extent = (0.0, float(columns), 0.0, float(rows))
        if len(args) == 3:
            x, y = numbers(args[0]), numbers(args[1])
            x = x[0] if x.ndim == 2 else x
            y = y[:, 0] if y.ndim == 2 else y

            def ends(edges, count):
                if edges.size == count + 1:
                    return float(edges[0]), float(edges[-1])
                half = float(edges[1] - edges[0]) / 2 if edges.size > 1 else 0.5
                return float(edges[0]) - half, float(edges[-1]) + half

            extent = ends(x, columns) + ends(y, rows)
        return self.imshow(values, cmap, norm, aspect="auto", vmin=vmin, vmax=vmax, alpha=alpha, origin="lower", extent=extent)

    pcolor = pcolormesh

    def pie(self, x, explode=None, labels=None, colors=None, autopct=None, startangle=0, counterclock=True, normalize=True, radius=1, shadow=False,
            labeldistance=1.1, pctdistance=0.6, wedgeprops=None, textprops=None):
        x = flat(x)
        if (x < 0).any():
            raise ValueError("Wedge sizes 'x' must be non negative values")
        total = float(x.sum())
        if total == 0:
            raise ValueError("Wedge sizes sum to zero")
        shares = x / total if normalize else x
        tones = [color(one) for one in (colors if colors is not None else _matplotlib.cycle)]
        written = []
        for share in shares.tolist() if autopct is not None else []:
            written.append(autopct(share * 100) if callable(autopct) else autopct % (share * 100))
        if not counterclock:
            shares = shares[::-1]
            labels = None if labels is None else list(labels)[::-1]
            written = written[::-1]
            tones = [tones[place % len(tones)] for place in range(x.size)][::-1]
        mark = {
            "kind": "pie", "fractions": shares, "colors": tones, "labels": [str(one) for one in labels] if labels is not None else [], "values_text": written,
            "start": float(startangle), "explode": [] if explode is None else flat(explode),
        }
        self.aspect = 1.0
        self.framed = False
        self.xaxis.set_visible(False)
        self.yaxis.set_visible(False)
        self._add(Wedges(self, mark))
        return [], []

    def boxplot(self, x, positions=None, widths=None, labels=None, tick_labels=None, showfliers=True, vert=True, whis=1.5, showmeans=False, **kwargs):
        sets = [flat(one) for one in x] if isinstance(x, (list, tuple)) and len(x) and hasattr(x[0], "__len__") else (
            [x[:, column] for column in range(x.shape[1])] if isinstance(x, np.ndarray) and x.ndim == 2 else [flat(x)])
        positions = list(range(1, len(sets) + 1)) if positions is None else list(positions)
        half = (0.25 if len(sets) < 3 else 0.25) if widths is None else float(widths) / 2
        for place, values in zip(positions, sets):
            values = np.sort(values[np.isfinite(values)])
            if not values.size:
                continue
            low, middle, high = (float(one) for one in np.percentile(values, [25, 50, 75]))
            reach = whis * (high - low)
            inside = values[(values >= low - reach) & (values <= high + reach)]
            bottom = min(float(inside.min()), low) if inside.size else low
            top = max(float(inside.max()), high) if inside.size else high
            self._segments("boxplot", [place - half, place - half, place + half, place - half], [low, low, low, high],
                           [place + half, place - half, place + half, place + half], [low, high, high, high], None, {"linewidth": 1.0})
            self._segments("boxplot", [place, place], [low, high], [place, place], [bottom, top], None, {"linewidth": 1.0})
            self._segments("boxplot", [place - half / 2, place - half / 2], [bottom, top], [place + half / 2, place + half / 2], [bottom, top], None, {"linewidth": 1.0})
            self._segments("boxplot", [place - half], [middle], [place + half], [middle], "C1", {"linewidth": 1.5})
            outside = values[(values < bottom) | (values > top)]
            if showfliers and outside.size:
                self._line(np.full(outside.size, float(place)), outside, {"color": "black", "marker": "o", "linestyle": "", "markerfacecolor": "none"})
        names = tick_labels if tick_labels is not None else labels
        self.set_xticks(positions, [str(one) for one in (names if names is not None else positions)])
        if self.xaxis.low is None:
            self.set_xlim(min(positions) - 0.5, max(positions) + 0.5)
        return {}
