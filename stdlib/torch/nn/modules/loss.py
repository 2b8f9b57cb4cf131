"""Where PyTorch keeps these layers."""

from _nn import *
from _nn import _Loss, _WeightedLoss
