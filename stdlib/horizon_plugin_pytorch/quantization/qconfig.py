"""What modules are quantised with: the documented configurations and the means to make others."""

import _quantization
from _fx import QuantizableModule
from horizon_plugin_pytorch.quantization.fake_quantize import FakeQuantize, LSQFakeQuantize, PACTFakeQuantize, Recipe


class QConfig:
    """Recipes for the fake quantizers of a module's result and weight; None leaves that part alone. `output` is another name for `activation`."""

    def __init__(self, activation=None, weight=None, input=None, output=None):
        if output is not None:
            if activation is not None:
                raise ValueError("activation and output are the same setting: give one of them")
            activation = output
        for part in (activation, weight):
            if isinstance(part, QuantizableModule):
                raise ValueError(
                    "QConfig received observer instance, please pass observer class instead. "
                    "Use MyObserver.with_args(x=1) to override arguments to constructor if needed"
                )
        self.activation = activation
        self.weight = weight
        self.input = input

    @property
    def output(self):
        return self.activation

    def __eq__(self, other):
        return isinstance(other, QConfig) and self.activation == other.activation and self.weight == other.weight

    def __repr__(self):
        return f"QConfig(activation={self.activation!r}, weight={self.weight!r})"


def _recipe(part):
    if part is None:
        return None
    if isinstance(part, Recipe):
        return part.settings
    if part is FakeQuantize:
        return {}
    if hasattr(part, "observer_settings"):
        return part.observer_settings
    raise TypeError(f"a qconfig holds recipes such as FakeQuantize.with_args(...), not {part!r}")


def _pair(qconfig):
    """A qconfig as the native side takes it; None stays None."""
    if qconfig is None:
        return None
    activation = getattr(qconfig, "activation", None)
    weight = getattr(qconfig, "weight", None)
    if not hasattr(qconfig, "activation"):
        raise TypeError(f"expected a QConfig or None, but got {type(qconfig).__name__}")
    return (_recipe(activation), _recipe(weight))


_FAKE_QUANTS = {"fake_quant": FakeQuantize, "lsq": LSQFakeQuantize, "pact": PACTFakeQuantize}
_OBSERVERS = ("min_max", "fixed_scale", "clip", "percentile", "clip_std", "mse", "kl", "mix")


def get_default_qconfig(
    activation_fake_quant="fake_quant", weight_fake_quant="fake_quant", activation_observer="min_max", weight_observer="min_max",
    activation_qkwargs=None, weight_qkwargs=None,
):
    """A QConfig from names: fake quantizers fake_quant, lsq, pact or None; observers min_max, percentile, mse, kl, mix, clip, clip_std, fixed_scale."""
    def made(kind, observer, settings, standard):
        if kind is None:
            return None
        assert kind in _FAKE_QUANTS, f"unsupported fake quant '{kind}', expected one of {sorted(_FAKE_QUANTS)} or None"
        assert observer in _OBSERVERS, f"unsupported observer '{observer}', expected one of {sorted(_OBSERVERS)}"
        return _FAKE_QUANTS[kind].with_args(observer=observer, **(standard if settings is None else settings))

    return QConfig(
        activation=made(activation_fake_quant, activation_observer, activation_qkwargs, {}),
        weight=made(weight_fake_quant, weight_observer, weight_qkwargs, {"dtype": "qint8", "ch_axis": 0}),
    )


def _named():
    result = {}
    for name, activation, weight in _quantization.named_qconfigs():
        result[name] = QConfig(None if activation is None else Recipe(activation), None if weight is None else Recipe(weight))
    return result


globals().update(_named())


def get_default_qat_qconfig(dtype="qint8", weight_dtype="qint8", **kwargs):
    return get_default_qconfig(activation_qkwargs={"dtype": dtype}, weight_qkwargs={"dtype": weight_dtype, "ch_axis": 0})


def get_default_calib_qconfig(dtype="qint8", calib_qkwargs=None, **kwargs):
    return get_default_qconfig(activation_observer="mse", activation_qkwargs={"dtype": dtype, **(calib_qkwargs or {})})


def get_default_qat_out_qconfig(dtype="qint8", weight_dtype="qint8", **kwargs):
    return get_default_qconfig(activation_fake_quant=None, weight_qkwargs={"dtype": weight_dtype, "ch_axis": 0})


def get_qconfig(observer=None, in_dtype=None, weight_dtype="qint8", out_dtype="qint8", fix_scale=False):
    name = getattr(observer, "observer_name", "mse")
    settings = {"dtype": out_dtype}
    if fix_scale:
        settings["averaging_constant"] = 0.0
    return get_default_qconfig(
        activation_fake_quant=None if out_dtype is None else "fake_quant", activation_observer=name, activation_qkwargs=settings,
        weight_qkwargs={"dtype": weight_dtype, "ch_axis": 0},
    )
