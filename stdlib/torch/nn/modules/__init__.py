"""All layers: those written natively take their base from `nn.Module`."""

import _nn
from torch.nn.modules.module import Module

_nn._define_layers(Module)

from _nn import *
from _nn import _AdaptiveAvgPoolNd, _AdaptiveMaxPoolNd, _AvgPoolNd, _BatchNorm, _ConvNd, _ConvTransposeNd, _DropoutNd, _Loss, _MaxPoolNd, _NormBase, _WeightedLoss
from torch.nn.modules.activation import CELU, GLU, Hardshrink, Softmax2d, Softmin, Softshrink, Softsign, Tanhshrink, Threshold
from torch.nn.modules.container import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from torch.nn.modules.others import (
    ChannelShuffle, CosineSimilarity, PairwiseDistance, PixelShuffle, PixelUnshuffle, UpsamplingBilinear2d, UpsamplingNearest2d,
)


_HOMES = (
    "activation", "batchnorm", "container", "conv", "dropout", "flatten", "linear", "loss", "normalization", "padding", "pooling", "sparse", "upsampling",
)


def __getattr__(name):
    if name in _HOMES:
        import importlib

        return importlib.import_module("torch.nn.modules." + name)
    raise AttributeError(f"module 'torch.nn.modules' has no attribute '{name}'")
