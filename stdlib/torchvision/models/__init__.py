"""Networks with torchvision's module names and order of parameters, so that its checkpoints load."""

from .mobilenetv2 import *
from .mobilenetv3 import *
from .resnet import *
from .vgg import *
from . import mobilenet, mobilenetv2, mobilenetv3, resnet, vgg


def list_models():
    """Names `get_model` knows."""
    return sorted(_builders)


_builders = {
    "mobilenet_v2": mobilenet_v2, "mobilenet_v3_large": mobilenet_v3_large, "mobilenet_v3_small": mobilenet_v3_small,
    "resnet18": resnet18, "resnet34": resnet34, "resnet50": resnet50, "resnet101": resnet101, "resnet152": resnet152,
    "vgg11": vgg11, "vgg11_bn": vgg11_bn, "vgg13": vgg13, "vgg13_bn": vgg13_bn, "vgg16": vgg16, "vgg16_bn": vgg16_bn,
    "vgg19": vgg19, "vgg19_bn": vgg19_bn,
}


def get_model(name, **config):
    """A network by its name."""
    if name.lower() not in _builders:
        raise ValueError(f"Unknown model {name}")
    return _builders[name.lower()](**config)
