"""Transforms of images and tensors."""

from .transforms import *
from .autoaugment import *
from . import functional
from .functional import InterpolationMode
