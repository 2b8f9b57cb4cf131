"""Datasets, transforms and models for images, with torchvision's interface and results. Submodules load when first used."""

import sys as _sys

__version__ = "0.29.2"

_SUBMODULES = ("datasets", "models", "ops", "transforms", "utils")


def __getattr__(name):
    if name in _SUBMODULES:
        import importlib

        return importlib.import_module("torchvision." + name)
    raise AttributeError(f"module 'torchvision' has no attribute '{name}'", name=name, obj=_sys.modules["torchvision"])


def set_image_backend(backend):
    if backend != "PIL":
        raise ValueError(f"Invalid backend '{backend}'. Options are 'PIL'")


def get_image_backend():
    return "PIL"
