"""Graph mode: a float model becomes a prepared one, a prepared one becomes integers."""

import _fx
import _quantization
import torch
from horizon_plugin_pytorch.quantization import misc as _misc
from horizon_plugin_pytorch.quantization.qconfig import _pair
from torch.fx._symbolic_trace import _trace

_QCONFIG_KEYS = ("", "module_type", "module_name")
_CUSTOM_KEYS = ("preserved_attributes",)


def _checked_keys(given, allowed, name):
    if not isinstance(given, dict):
        raise AssertionError(f"Expected {name} to be a dictionary, but got {type(given).__name__}")
    for key in given:
        assert key in allowed, f"Expected {name} to have the following keys: {list(allowed)}. But found '{key}' instead."


def _entries(given, name):
    if given is None:
        return []
    items = given.items() if isinstance(given, dict) else given
    result = []
    for item in items:
        assert len(item) == 2, f"the entries of {name} must be pairs of key and qconfig"
        result.append((item[0], _pair(item[1])))
    return result


def _type_name(kind):
    return kind if isinstance(kind, str) else kind.__name__


def _attributes(model):
    """The qconfigs users put on modules: `module.qconfig = …`."""
    found = []
    for path, module in model.named_modules():
        if "qconfig" in module.__dict__:
            found.append((path, _pair(module.__dict__["qconfig"])))
    return found


def _inherited(model):
    """The same with every module below one that has a qconfig of its own."""
    own = dict(_attributes(model))
    return list(own.items())


def prepare_qat_fx(
    model, qconfig_dict=None, prepare_custom_config_dict=None, optimize_graph=False, hybrid=False, hybrid_dict=None, example_inputs=None,
    example_kw_inputs=None, qconfig_setter=None, trace_method="symbolic", verbose=0,
):
    """Traces `model`, fuses its layers and gives them fake quantizers. The result shares parameters with the argument.

    `qconfig_dict`: {"": default, "module_type": {type: qconfig}, "module_name": {path after fusion: qconfig}}; None keeps a part float.
    """
    qconfig_dict = {} if qconfig_dict is None else qconfig_dict
    custom = {} if prepare_custom_config_dict is None else prepare_custom_config_dict
    _checked_keys(qconfig_dict, _QCONFIG_KEYS, "qconfig_dict")
    _checked_keys(custom, _CUSTOM_KEYS, "prepare_custom_config_dict")
    assert _quantization.get_march() is not None, "march is not set, you must call set_march(...) before prepare_qat_fx"
    if hybrid or hybrid_dict:
        raise NotImplementedError("hybrid models, whose parts run on the CPU, are not supported")
    if trace_method != "symbolic":
        raise NotImplementedError(f"trace_method '{trace_method}' is not supported; use 'symbolic'")
    graph_module = model if isinstance(model, _fx.GraphModule) else _trace(model)
    chosen = (_pair(qconfig_dict[""]),) if "" in qconfig_dict else None
    by_type = [(_type_name(kind), pair) for kind, pair in _entries(qconfig_dict.get("module_type"), "module_type")]
    by_name = _entries(qconfig_dict.get("module_name"), "module_name")
    prepared = _quantization.prepare(graph_module, chosen, by_type, by_name, _inherited(model))
    for name in custom.get("preserved_attributes", ()):
        setattr(prepared, name, getattr(model, name))
    return prepared


def prepare_calibration_fx(model, qconfig_dict=None, prepare_custom_config_dict=None, **kwargs):
    return prepare_qat_fx(model, qconfig_dict, prepare_custom_config_dict, **kwargs)


def fuse_fx(model, fuse_custom_config_dict=None):
    """Only the fusion of `prepare_qat_fx`: no layer gets a quantizer."""
    graph_module = model if isinstance(model, _fx.GraphModule) else _trace(model)
    return _quantization.prepare(graph_module, (None,), [], [], [])


def convert_fx(graph_module, inplace=False, convert_custom_config_dict=None, _remove_qconfig=True, fast_mode=False):
    """A model that computes in integers what `graph_module` simulates in floats."""
    if not isinstance(graph_module, _fx.GraphModule):
        raise AssertionError(f"convert_fx needs a GraphModule from prepare_qat_fx, but got {type(graph_module).__name__}")
    if convert_custom_config_dict is not None:
        _checked_keys(convert_custom_config_dict, _CUSTOM_KEYS, "convert_custom_config_dict")
    assert _quantization.get_march() is not None, "march is not set, you must call set_march(...) before convert_fx"
    return _quantization.convert(graph_module, inplace)
