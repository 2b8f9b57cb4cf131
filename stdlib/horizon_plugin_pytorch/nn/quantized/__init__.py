"""Arithmetic as modules, so that results can be quantised."""

import _quantization
from _fx import QuantizableModule


class FloatFunctional(QuantizableModule):
    """Operations whose results get a scale. One instance stands for one use."""

    def __init__(self):
        super().__init__()
        _quantization.make(self, "FloatFunctional")

    def add(self, x, y):
        return _quantization.call_operation(self, "add", (x, y), {})

    def sub(self, x, y):
        return _quantization.call_operation(self, "sub", (x, y), {})

    def mul(self, x, y):
        return _quantization.call_operation(self, "mul", (x, y), {})

    def matmul(self, x, y):
        return _quantization.call_operation(self, "matmul", (x, y), {})

    def add_relu(self, x, y):
        return _quantization.call_operation(self, "add_relu", (x, y), {})

    def add_scalar(self, x, y):
        return _quantization.call_operation(self, "add_scalar", (x, y), {})

    def mul_scalar(self, x, y):
        return _quantization.call_operation(self, "mul_scalar", (x, y), {})

    def cat(self, x, dim=0):
        return _quantization.call_operation(self, "cat", (list(x), dim), {})

    def mean(self, x, dim=None, keepdim=False):
        return _quantization.call_operation(self, "mean", (x, dim, keepdim), {})

    def sum(self, x, dim=None, keepdim=False):
        return _quantization.call_operation(self, "sum", (x, dim, keepdim), {})


_quantization.set_class("FloatFunctional", FloatFunctional)
