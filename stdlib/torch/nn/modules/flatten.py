"""Where PyTorch keeps these layers."""

from _nn import *
