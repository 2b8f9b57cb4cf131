"""Datasets, transforms and models for images, with torchvision's interface and results."""

from . import transforms
from . import datasets
from . import models
from . import ops
from . import utils

__version__ = "0.29.2"


def set_image_backend(backend):
    if backend != "PIL":
        raise ValueError(f"Invalid backend '{backend}'. Options are 'PIL'")


def get_image_backend():
    return "PIL"
