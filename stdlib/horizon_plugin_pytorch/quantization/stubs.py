"""Where floats become quantised values, and where they become floats again."""

import _quantization
from _fx import QuantizableModule


class QuantStub(QuantizableModule):
    """Quantises its input in prepared models. With a scale that scale is fixed; with `scale=None` it is observed."""

    def __init__(self, scale=1.0 / 128.0, zero_point=0, qconfig=None):
        super().__init__()
        if scale is not None:
            assert zero_point is not None, "zero_point must be specified if scale is fixed"
        _quantization.make(self, "QuantStub", None if scale is None else float(scale))
        self.scale = scale
        self.zero_point = zero_point
        if qconfig is not None:
            self.qconfig = qconfig


class DeQuantStub(QuantizableModule):
    """Gives the float values of a quantised tensor."""

    def __init__(self, qconfig=None):
        super().__init__()
        _quantization.make(self, "DeQuantStub")


_quantization.set_class("QuantStub", QuantStub)
_quantization.set_class("DeQuantStub", DeQuantStub)
