"""Where PyTorch keeps these layers."""

from _nn import *
from _nn import _AdaptiveAvgPoolNd, _AdaptiveMaxPoolNd, _AvgPoolNd, _MaxPoolNd
