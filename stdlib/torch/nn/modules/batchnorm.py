"""Where PyTorch keeps these layers."""

from _nn import *
from _nn import _BatchNorm, _NormBase
