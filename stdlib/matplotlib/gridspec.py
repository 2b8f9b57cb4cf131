"""Grids of axes."""

from matplotlib.figure import GridSpec
