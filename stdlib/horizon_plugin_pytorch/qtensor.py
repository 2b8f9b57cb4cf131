"""Tensors that know their scale."""

import _quantization
import torch


class QTensor:
    """A view on a tensor together with its scale and integer type.

    While a model trains, its values are floats already rounded to the scale; in a converted model they are integers.
    """

    def __init__(self, data, scale=None, dtype=None, per_channel_axis=-1):
        known = _quantization.quantization(data)
        if known is not None:
            scale, dtype, per_channel_axis = known
        self._data = data
        self.scale = scale
        self.dtype = dtype
        self.per_channel_axis = per_channel_axis

    @staticmethod
    def of(tensor):
        """The QTensor of a tensor that a prepared or converted model computed, or None."""
        return None if _quantization.quantization(tensor) is None else QTensor(tensor)

    @property
    def shape(self):
        return self._data.shape

    def q_scale(self):
        return self.scale

    def q_zero_point(self):
        return torch.zeros_like(self.scale, dtype=torch.int64)

    def q_per_channel_axis(self):
        return self.per_channel_axis

    def int_repr(self):
        if not self._data.is_floating_point():
            return self._data
        scale = self.scale
        if scale.numel() > 1:
            sizes = [1] * self._data.dim()
            sizes[self.per_channel_axis] = scale.numel()
            scale = scale.reshape(sizes)
        return (self._data / scale + 0.5).floor().to(torch.int16 if self.dtype == "qint16" else torch.int8)

    def dequantize(self):
        return _quantization.dequantize(self._data)

    def as_subclass(self, cls):
        return self.dequantize()

    def __repr__(self):
        return f"QTensor(\n  data = {self._data},\n  scale = {self.scale},\n  dtype = {self.dtype},\n  per_channel_axis = {self.per_channel_axis}\n)"
