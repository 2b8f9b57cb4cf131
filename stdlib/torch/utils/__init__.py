"""Data loading, hooks, and small services."""

import sys as _sys

_SUBMODULES = ("data", "hooks", "model_zoo", "checkpoint", "tensorboard", "benchmark")


def __getattr__(name):
    if name in _SUBMODULES:
        import importlib

        try:
            return importlib.import_module("torch.utils." + name)
        except ModuleNotFoundError as error:
            if error.name != "torch.utils." + name:
                raise
    raise AttributeError(f"module 'torch.utils' has no attribute '{name}'", name=name, obj=_sys.modules["torch.utils"])
