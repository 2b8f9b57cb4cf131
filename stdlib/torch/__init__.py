"""Tensors, automatic differentiation, layers and optimizers with PyTorch's interface, on the CPU.

What works element by element is native (`_torch`); submodules load when first used.
"""

from math import e, inf, nan, pi

import _torch
from _torch import *
from torch.autograd.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from torch.version import __version__

newaxis = None

_SUBMODULES = (
    "amp", "ao", "autograd", "backends", "cuda", "distributed", "fx", "jit", "linalg", "mps", "nn", "optim", "quantization", "random",
    "serialization", "testing", "utils", "version",
)
_ELSEWHERE = {
    "save": "torch.serialization", "load": "torch.serialization", "compile": "torch._refused", "vmap": "torch._refused",
    "use_deterministic_algorithms": "torch._settings", "are_deterministic_algorithms_enabled": "torch._settings",
    "get_float32_matmul_precision": "torch._settings", "set_float32_matmul_precision": "torch._settings",
    "get_num_interop_threads": "torch._settings", "set_num_interop_threads": "torch._settings",
    "set_default_device": "torch._settings", "get_default_device": "torch._settings", "set_default_tensor_type": "torch._settings",
    "typename": "torch._settings", "block_diag": "torch._settings", "cartesian_prod": "torch._settings", "is_warn_always_enabled": "torch._settings",
    "fork_rng": "torch.random", "autocast": "torch.amp", "GradScaler": "torch.amp",
}
_FUNCTIONS = (
    "addr", "atleast_1d", "atleast_2d", "atleast_3d", "column_stack", "combinations", "corrcoef", "cov", "dstack", "heaviside", "isin", "nanmean",
    "nanmedian", "tensordot", "trapezoid", "unravel_index", "vander",
)


def __getattr__(name):
    if name in _SUBMODULES or name in _ELSEWHERE or name in _FUNCTIONS:
        import importlib

        if name not in _SUBMODULES:
            value = getattr(importlib.import_module(_ELSEWHERE.get(name, "torch._functions")), name)
            globals()[name] = value
            return value
        try:
            return importlib.import_module("torch." + name)
        except ModuleNotFoundError as error:
            if error.name != "torch." + name:
                raise
    from torch._absent import missing

    raise missing("torch", name)
