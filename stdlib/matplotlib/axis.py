"""One direction of a pair of axes."""

from matplotlib._values import pt, flat, font_size, color, dash


class Axis:
    def __init__(self, axes, name):
        self.axes = axes
        self.axis_name = name
        self.scale = "linear"
        self.low = None
        self.high = None
        self.inverted = False
        self.margin = 0.05
        self.label = ""
        self.label_size = pt(10)
        self.ticks = None
        self.tick_labels = None
        self.tick_size = pt(10)
        self.rotation = 0.0
        self.shows_ticks = True
        self.shows_labels = True
        self.grid = False
        self.grid_style = {}
        self.words = None
        self.group = None

    def positions(self, values):
        """Numbers for values; words get places in the order of their first use."""
        from matplotlib._values import is_words, numbers
        import numpy as np
        if isinstance(values, str):
            values = [values]
        if is_words(values):
            if self.words is None:
                self.words = {}
            for one in values:
                self.words.setdefault(str(one), len(self.words))
            return np.array([float(self.words[str(one)]) for one in values])
        return flat(values)

    def set_label_text(self, text, fontsize=None):
        self.label = "" if text is None else str(text)
        if fontsize is not None:
            self.label_size = font_size(fontsize)

    def set_limits(self, low, high, follow=True):
        for value in (low, high):
            if value is not None and not -1.7e308 < float(value) < 1.7e308:
                raise ValueError("Axis limits cannot be NaN or Inf")
        if low is not None and high is not None:
            self.inverted = float(low) > float(high)
            if self.inverted:
                low, high = high, low
        if self.scale == "log" and low is not None and low <= 0:
            low = None
        if low is not None:
            self.low = float(low)
        if high is not None:
            self.high = float(high)
        if follow and self.group:
            for other in self.group:
                if other is not self:
                    other.low, other.high, other.inverted = self.low, self.high, self.inverted

    def set_ticks(self, ticks, labels=None):
        self.ticks = flat(ticks) if len(ticks) else []
        if labels is not None:
            if len(labels) != len(self.ticks):
                raise ValueError(f"The number of FixedLocator locations ({len(self.ticks)}), usually from a call to set_ticks, does not match the number of labels ({len(labels)}).")
            self.tick_labels = [str(one) for one in labels]

    def set_visible(self, visible):
        self.shows_ticks = self.shows_labels = bool(visible)
        if not visible:
            self.label = ""

    def set_major_formatter(self, formatter):
        self.formatter = formatter

    def set_major_locator(self, locator):
        """Accepted for compatibility: ticks are chosen, or set with set_ticks."""

    def set_minor_locator(self, locator):
        """Accepted for compatibility."""

    def describe(self):
        ticks, labels = self.ticks, self.tick_labels
        if self.words and ticks is None:
            ticks, labels = [float(place) for place in self.words.values()], list(self.words)
        return {
            "scale": self.scale, "low": self.low, "high": self.high, "inverted": self.inverted, "margin": self.margin, "label": self.label,
            "label_size": self.label_size, "ticks": ticks, "tick_labels": labels, "tick_size": self.tick_size, "rotation": self.rotation,
            "shows_ticks": self.shows_ticks, "shows_labels": self.shows_labels, "grid": self.grid, "grid_color": color(self.grid_style.get("color")),
            "grid_dash": dash(self.grid_style.get("linestyle")), "grid_alpha": self.grid_style.get("alpha"),
        }
