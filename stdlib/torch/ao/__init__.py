"""Holds `torch.ao.quantization`."""

from torch.ao import quantization
