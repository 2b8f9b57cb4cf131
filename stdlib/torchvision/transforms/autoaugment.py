"""Automatic augmentation policies."""

from enum import Enum

import torch

import _vision_transforms as _native
from . import functional as F
from .functional import InterpolationMode, _code

__all__ = ["AutoAugmentPolicy", "AutoAugment", "RandAugment", "TrivialAugmentWide"]


def _apply_op(img, op_name, magnitude, interpolation, fill):
    """One operation of the policies, by name."""
    return _native.augment(img, op_name, magnitude, _code(interpolation), fill)


class AutoAugmentPolicy(Enum):
    IMAGENET = "imagenet"
    CIFAR10 = "cifar10"
    SVHN = "svhn"


class AutoAugment(torch.nn.Module):
    """A random one of 25 learned pairs of operations."""

    def __init__(self, policy=AutoAugmentPolicy.IMAGENET, interpolation=InterpolationMode.NEAREST, fill=None):
        super().__init__()
        if not isinstance(policy, AutoAugmentPolicy):
            raise ValueError(f"The provided policy {policy} is not recognized.")
        self.policy = policy
        self.interpolation = interpolation
        self.fill = fill

    def _step(self):
        return _native.auto_augment(self.policy.value, _code(self.interpolation), self.fill)

    def forward(self, img):
        F._needs_pil(img, "AutoAugment")
        return self._step()(img)

    def __repr__(self):
        return f"{self.__class__.__name__}(policy={self.policy}, fill={self.fill})"


class RandAugment(torch.nn.Module):
    """`num_ops` random operations of one magnitude."""

    def __init__(self, num_ops=2, magnitude=9, num_magnitude_bins=31, interpolation=InterpolationMode.NEAREST, fill=None):
        super().__init__()
        self.num_ops = num_ops
        self.magnitude = magnitude
        self.num_magnitude_bins = num_magnitude_bins
        self.interpolation = interpolation
        self.fill = fill

    def _step(self):
        return _native.rand_augment(self.num_ops, self.magnitude, self.num_magnitude_bins, _code(self.interpolation), self.fill)

    def forward(self, img):
        F._needs_pil(img, "RandAugment")
        return self._step()(img)

    def __repr__(self):
        return (f"{self.__class__.__name__}(num_ops={self.num_ops}, magnitude={self.magnitude}"
                f", num_magnitude_bins={self.num_magnitude_bins}, interpolation={self.interpolation}, fill={self.fill})")


class TrivialAugmentWide(torch.nn.Module):
    """One random operation of random, possibly strong, magnitude."""

    def __init__(self, num_magnitude_bins=31, interpolation=InterpolationMode.NEAREST, fill=None):
        super().__init__()
        self.num_magnitude_bins = num_magnitude_bins
        self.interpolation = interpolation
        self.fill = fill

    def _step(self):
        return _native.trivial_augment_wide(self.num_magnitude_bins, _code(self.interpolation), self.fill)

    def forward(self, img):
        F._needs_pil(img, "TrivialAugmentWide")
        return self._step()(img)

    def __repr__(self):
        return (f"{self.__class__.__name__}(num_magnitude_bins={self.num_magnitude_bins}"
                f", interpolation={self.interpolation}, fill={self.fill})")
