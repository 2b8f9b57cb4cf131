"""Automatic differentiation."""

from _torch import _backward, _grad, is_anomaly_enabled
from torch.autograd.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = ["Function", "Variable", "backward", "grad", "detect_anomaly", "set_detect_anomaly", "enable_grad", "no_grad", "inference_mode", "set_grad_enabled"]

_ELSEWHERE = {"Function": "function", "Variable": "variable", "detect_anomaly": "anomaly_mode", "set_detect_anomaly": "anomaly_mode"}


def __getattr__(name):
    # Loaded when first used: most programs need none of them.
    if name in _ELSEWHERE or name in ("functional", "function", "variable", "anomaly_mode"):
        import importlib

        module = importlib.import_module("torch.autograd." + _ELSEWHERE.get(name, name))
        value = module if name not in _ELSEWHERE else getattr(module, name)
        globals()[name] = value
        return value
    import sys

    raise AttributeError(f"module 'torch.autograd' has no attribute '{name}'", name=name, obj=sys.modules["torch.autograd"])


def _sequence(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _gradients(given, count):
    if given is None:
        return (None,) * count
    return _sequence(given)


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None):
    """Adds the gradients of `tensors` to the `grad` of the leaves below them, or of `inputs` only."""
    tensors = _sequence(tensors)
    grads = _gradients(grad_tensors, len(tensors))
    if inputs is None:
        _backward(tensors, grads, retain_graph, create_graph)
        return
    inputs = _sequence(inputs)
    if len(inputs) == 0:
        raise RuntimeError("'inputs' argument to backward() cannot be empty.")
    for leaf, value in zip(inputs, _grad(tensors, inputs, grads, retain_graph, create_graph, True)):
        if value is not None:
            leaf.grad = value if leaf.grad is None else leaf.grad + value


def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=None, is_grads_batched=False,
    materialize_grads=False,
):
    """The gradients of `outputs` with respect to `inputs`, as a tuple; nothing is accumulated."""
    outputs = _sequence(outputs)
    inputs = _sequence(inputs)
    if materialize_grads and allow_unused is False:
        raise ValueError("Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.")
    if is_grads_batched:
        raise NotImplementedError("grad(): is_grads_batched=True is not supported")
    unused = bool(allow_unused) or materialize_grads
    results = _grad(outputs, inputs, _gradients(grad_outputs, len(outputs)), retain_graph, create_graph, unused)
    if materialize_grads:
        import torch

        results = tuple(torch.zeros_like(x) if g is None else g for x, g in zip(inputs, results))
    return results
