"""Modules of the plugin."""

from horizon_plugin_pytorch.nn import quantized
from horizon_plugin_pytorch.nn.quantized import FloatFunctional
