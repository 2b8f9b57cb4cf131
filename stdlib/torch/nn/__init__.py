"""Layers, losses and what modules are made of."""

from torch.nn.parameter import Buffer, Parameter, UninitializedParameter
from torch.nn.modules import *
from torch.nn import modules

_SUBMODULES = ("functional", "init", "utils", "parallel", "quantized", "qat", "intrinsic", "quantizable")


def __getattr__(name):
    if name in _SUBMODULES:
        import importlib

        try:
            return importlib.import_module("torch.nn." + name)
        except ModuleNotFoundError as error:
            if error.name != "torch.nn." + name:
                raise
    if name == "DataParallel":
        from torch.nn.parallel import DataParallel

        return DataParallel
    from torch._absent import missing

    raise missing("torch.nn", name)
