"""Where ticks lie and what they say, for many ranges: recorded from Matplotlib."""

import re

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt


def labels(low, high, horizontal, scale="linear"):
    fig = plt.figure(figsize=(6.4, 4.8))
    axes = fig.add_axes([0.125, 0.11, 0.775, 0.77])
    if scale == "log":
        (axes.set_xscale if horizontal else axes.set_yscale)("log")
    if horizontal:
        axes.set_xlim(low, high)
        axes.set_yticks([])
    else:
        axes.set_ylim(low, high)
        axes.set_xticks([])
    if hasattr(fig, "to_svg"):
        found = re.findall(r"<text [^>]*>([^<]*)", fig.to_svg())
        found = [text for text in found if not text.startswith("×")]
    else:
        fig.canvas.draw()
        axis = axes.xaxis if horizontal else axes.yaxis
        ends = sorted((low, high))
        found = [text.get_text() for text in axis.get_ticklabels() if ends[0] <= text.get_position()[0 if horizontal else 1] <= ends[1]]
    plt.close("all")
    return found


for low, high in [
    (0, 1), (0, 10), (0, 100), (-1, 1), (-0.05, 1.05), (0, 7), (0, 3.3), (1, 9), (0.1, 0.2), (-3.7, 4.1), (0, 0.001), (0.002, 0.0035), (10, 20), (95, 105),
    (0, 1234), (-500, 12000), (0, 99999), (0, 250000), (1990, 2025), (0, 365), (0.5, 0.9), (-0.001, 0.003), (0, 12.5), (2.5, 17.5), (0, 55), (-9.45, 198.45),
    (0, 1e7), (0, 3e-6), (-2e6, 8e6), (0, 6.283), (0.0, 31.5), (-22, 462),
]:
    print(low, high, labels(low, high, True), labels(low, high, False))
