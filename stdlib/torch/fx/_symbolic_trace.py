"""From a module to its graph."""

import inspect

import _fx
import torch.fx.proxy
from torch.fx.graph_module import GraphModule


class Tracer:
    """Traces a module; subclasses decide which submodules are recorded whole with `is_leaf_module`."""

    def is_leaf_module(self, m, module_qualified_name):
        home = type(m).__module__
        containers = ("torch.nn.modules.container",)
        return home.startswith(("torch.nn", "torch.ao.nn", "horizon_plugin_pytorch")) and home not in containers

    def trace(self, root, concrete_args=None):
        graph_module = _trace(root, None if type(self) is Tracer else self.is_leaf_module, concrete_args)
        return graph_module.graph


def _trace(root, is_leaf=None, concrete_args=None):
    concrete_args = concrete_args or {}
    names = []
    defaults = []
    for name, parameter in inspect.signature(root.forward).parameters.items():
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        names.append(name)
        if name in concrete_args:
            defaults.append((concrete_args[name],))
        elif parameter.default is inspect.Parameter.empty:
            defaults.append(None)
        else:
            defaults.append((parameter.default,))
    return _fx.trace(root, names, defaults, is_leaf)


def symbolic_trace(root, concrete_args=None):
    """A GraphModule that computes what `root` does, sharing its parameters."""
    return _trace(root, None, concrete_args)


_wrapped = {}


def wrap(fn_or_name):
    """Makes a function of the caller's module one node instead of tracing into it."""
    if isinstance(fn_or_name, str):
        return fn_or_name
    if not callable(fn_or_name):
        raise RuntimeError("Unsupported type for global function! Must be either a callable or string name")

    def wrapper(*args, **kwargs):
        if _fx.is_tracing() and _has_proxy(args, kwargs):
            return _fx.record("call_function", fn_or_name.__name__, args, kwargs, fn_or_name)
        return fn_or_name(*args, **kwargs)

    wrapper.__name__ = fn_or_name.__name__
    return wrapper


def _has_proxy(args, kwargs):
    for value in list(args) + list(kwargs.values()):
        if isinstance(value, torch.fx.proxy.Proxy):
            return True
        if isinstance(value, (list, tuple)) and _has_proxy(value, {}):
            return True
    return False
