"""Ways to find the range of a tensor. Each class makes an observer, or is named in a qconfig."""

import _quantization
from _fx import QuantizableModule
from horizon_plugin_pytorch.quantization import fake_quantize as _fake_quantize


class _ObserverRecipe:
    def __init__(self, cls, settings):
        self.observer_name = cls.observer_name
        self.cls = cls
        self.observer_settings = {**settings, "observer": cls.observer_name}

    def with_args(self, **kwargs):
        return _ObserverRecipe(self.cls, _fake_quantize._settings(kwargs, self.observer_settings))

    def __call__(self, **kwargs):
        return self.cls(**{**{k: v for k, v in self.observer_settings.items() if k != "observer"}, **kwargs})


class ObserverBase(QuantizableModule):
    observer_name = "min_max"

    def __init__(self, **kwargs):
        super().__init__()
        settings = _fake_quantize._settings(kwargs)
        settings["observer"] = self.observer_name
        scheme = str(kwargs.get("qscheme", ""))
        axis = settings.get("ch_axis", -1)
        if "per_channel" in scheme:
            assert axis >= 0, "ch_axis must be non-negative for per_channel observers"
        elif "per_tensor" in scheme:
            assert axis < 0, "ch_axis must be -1 for per_tensor observers"
        _quantization.make(self, "Observer", settings)

    @classmethod
    def with_args(cls, **kwargs):
        return _ObserverRecipe(cls, _fake_quantize._settings(kwargs))

    def calculate_qparams(self):
        return _quantization.scales(self), None


class MinMaxObserver(ObserverBase):
    observer_name = "min_max"


class PercentileObserver(ObserverBase):
    observer_name = "percentile"


class MSEObserver(ObserverBase):
    observer_name = "mse"


class KLObserver(ObserverBase):
    observer_name = "kl"


class MixObserver(ObserverBase):
    observer_name = "mix"


class FixedScaleObserver(ObserverBase):
    observer_name = "fixed_scale"


class ClipObserver(ObserverBase):
    observer_name = "clip"


class ClipStdObserver(ObserverBase):
    observer_name = "clip_std"


MovingAverageMinMaxObserver = MinMaxObserver
MovingAveragePerChannelMinMaxObserver = MinMaxObserver.with_args(ch_axis=0)

for _class in (MinMaxObserver, PercentileObserver, MSEObserver, KLObserver, MixObserver, FixedScaleObserver, ClipObserver, ClipStdObserver):
    _quantization.set_class(_class.__name__, _class)
