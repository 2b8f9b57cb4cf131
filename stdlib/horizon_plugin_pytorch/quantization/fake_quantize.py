"""Simulated quantisation, and the phases of a prepared model."""

import _quantization
from _fx import QuantizableModule


class Recipe:
    """How to make a fake quantizer: what `with_args` returns and qconfigs hold. Calling it makes one."""

    def __init__(self, settings):
        self.settings = dict(settings)

    def with_args(self, **kwargs):
        return Recipe(_settings(kwargs, self.settings))

    def __call__(self, **kwargs):
        return FakeQuantize(**{**self.settings, **kwargs})

    def __eq__(self, other):
        return isinstance(other, Recipe) and self.settings == other.settings

    def __repr__(self):
        return "FakeQuantize.with_args(" + ", ".join(f"{k}={v!r}" for k, v in self.settings.items()) + ")"


_KNOWN = {
    "kind", "observer", "dtype", "ch_axis", "averaging_constant", "quant_min", "quant_max", "saturate", "use_grad_scaling", "alpha", "percentile", "bins",
    "stride", "update_interval", "scale", "xmin", "xmax", "std_scale",
}
_IGNORED = {"qscheme", "in_place", "compat_mask", "channel_len", "fast_training", "is_sync_quantize", "factory_kwargs", "zero_point", "reduce_range"}


def _settings(kwargs, base=()):
    result = dict(base)
    for name, value in kwargs.items():
        if name in _IGNORED:
            continue
        if name not in _KNOWN:
            raise TypeError(f"FakeQuantize got an unexpected argument '{name}'")
        if name == "observer":
            if isinstance(value, QuantizableModule):
                raise ValueError("QConfig received observer instance, please pass observer class instead. Use MyObserver.with_args(x=1) to override arguments to constructor if needed")
            if hasattr(value, "observer_settings"):
                result.update(value.observer_settings)
                continue
            value = getattr(value, "observer_name", value)
        elif name == "dtype":
            value = _dtype_name(value)
        result[name] = value
    return result


def _dtype_name(dtype):
    name = str(dtype)
    return name[len("torch."):] if name.startswith("torch.") else name


class FakeQuantize(QuantizableModule):
    """Observes what passes, keeps the scale, and rounds values to it with straight-through gradients."""

    def __init__(self, observer=None, **kwargs):
        super().__init__()
        if observer is not None:
            kwargs["observer"] = observer
        _quantization.make(self, "FakeQuantize", _settings(kwargs))

    @staticmethod
    def with_args(**kwargs):
        return Recipe(_settings(kwargs))

    def enable_fake_quant(self, enabled=True):
        _quantization.set_flags(self, enabled, None)

    def disable_fake_quant(self):
        _quantization.set_flags(self, False, None)

    def enable_observer(self, enabled=True):
        _quantization.set_flags(self, None, enabled)

    def disable_observer(self):
        _quantization.set_flags(self, None, False)

    def calculate_qparams(self):
        import torch

        scale = _quantization.scales(self)
        return scale, torch.zeros_like(scale, dtype=torch.int64)

    def set_qparams(self, scale, zero_point=None):
        import torch

        if not isinstance(scale, torch.Tensor):
            scale = torch.tensor([float(scale)])
        _quantization.set_scales(self, scale.reshape(-1))


_quantization.set_class("FakeQuantize", FakeQuantize)


class LSQFakeQuantize:
    @staticmethod
    def with_args(**kwargs):
        return Recipe(_settings(kwargs, {"kind": "lsq"}))


class PACTFakeQuantize:
    @staticmethod
    def with_args(**kwargs):
        return Recipe(_settings(kwargs, {"kind": "pact"}))


class _State:
    def __init__(self, name, number):
        self.name = name
        self.value = number

    def __repr__(self):
        return f"<FakeQuantState.{self.name}: '{self.name.lower().lstrip('_')}'>"

    def __str__(self):
        return f"FakeQuantState.{self.name}"


class FakeQuantState:
    """QAT: simulated integers, statistics move. CALIBRATION: floats, statistics are gathered. VALIDATION: simulated integers, nothing moves."""

    QAT = _State("QAT", 0)
    CALIBRATION = _State("CALIBRATION", 1)
    VALIDATION = _State("VALIDATION", 2)
    _FLOAT = _State("_FLOAT", 3)


def set_fake_quantize(model, fake_quantize):
    """Puts a prepared model in a phase. Call `model.train()` or `model.eval()` before, as the phase needs."""
    import torch

    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"set_fake_quantize: model must be a torch.nn.Module, but got {type(model).__name__}")
    if not isinstance(fake_quantize, _State):
        raise TypeError(f"set_fake_quantize: fake_quantize must be a FakeQuantState, but got {type(fake_quantize).__name__}")
    _quantization.set_fake_quantize(model, fake_quantize.value)


def enable_fake_quant(module):
    if isinstance(module, FakeQuantize):
        module.enable_fake_quant()


def disable_fake_quant(module):
    if isinstance(module, FakeQuantize):
        module.disable_fake_quant()
