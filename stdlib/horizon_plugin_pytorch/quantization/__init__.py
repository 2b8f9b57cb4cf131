"""Preparing, calibrating, training and converting quantised models."""

from horizon_plugin_pytorch.quantization import qconfig as qconfig
from horizon_plugin_pytorch.quantization.fake_quantize import FakeQuantize, FakeQuantState, disable_fake_quant, enable_fake_quant, set_fake_quantize
from horizon_plugin_pytorch.quantization.fx import convert_fx, fuse_fx, prepare_calibration_fx, prepare_qat_fx
from horizon_plugin_pytorch.quantization.eager import convert, fuse_modules, prepare_qat
from horizon_plugin_pytorch.quantization.misc import QATMode, QuantRoundMode, get_qat_mode, load_observer_params, set_preserve_qat_mode, set_qat_mode
from horizon_plugin_pytorch.quantization.observer import (
    ClipObserver, ClipStdObserver, FixedScaleObserver, KLObserver, MinMaxObserver, MixObserver, MovingAverageMinMaxObserver,
    MovingAveragePerChannelMinMaxObserver, MSEObserver, PercentileObserver,
)
from horizon_plugin_pytorch.quantization.qconfig import QConfig, get_default_qconfig
from horizon_plugin_pytorch.quantization.stubs import DeQuantStub, QuantStub

_DEPLOYMENT = ("check_model", "compile_model", "perf_model", "visualize_model", "export_hbir")


def __getattr__(name):
    import importlib
    import sys

    if name in _DEPLOYMENT:
        return getattr(importlib.import_module("horizon_plugin_pytorch.quantization._deploy"), name)
    raise AttributeError(f"module 'horizon_plugin_pytorch.quantization' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
