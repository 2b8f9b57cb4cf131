"""The names of `torch.quantization` that quantised models are written with; the work is done by `horizon_plugin_pytorch`."""

from horizon_plugin_pytorch.quantization.eager import convert, fuse_modules, prepare_qat
from horizon_plugin_pytorch.quantization.fake_quantize import FakeQuantize, disable_fake_quant, enable_fake_quant
from horizon_plugin_pytorch.quantization.qconfig import QConfig
from horizon_plugin_pytorch.quantization.stubs import DeQuantStub
from horizon_plugin_pytorch.quantization import stubs as _stubs


class QuantStub(_stubs.QuantStub):
    """A stub whose scale is observed; fixed scales need the plugin's QuantStub."""

    def __init__(self, qconfig=None):
        super().__init__(scale=None, qconfig=qconfig)


def QuantWrapper(module):
    """`module` between stubs."""
    import torch

    return torch.nn.Sequential(QuantStub(), module, DeQuantStub())


def disable_observer(module):
    if isinstance(module, FakeQuantize):
        module.disable_observer()


def enable_observer(module):
    if isinstance(module, FakeQuantize):
        module.enable_observer()
