"""Building blocks that torchvision's models share."""

from .misc import Conv2dNormActivation, SqueezeExcitation
