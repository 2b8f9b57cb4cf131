"""The same names as `torch.quantization`."""

from torch.quantization import (
    DeQuantStub, FakeQuantize, QConfig, QuantStub, QuantWrapper, convert, disable_fake_quant, disable_observer, enable_fake_quant, enable_observer,
    fuse_modules, prepare_qat,
)
