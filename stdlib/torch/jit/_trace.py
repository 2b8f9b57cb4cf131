"""torch.jit.trace"""

import torch
import torch.fx
import _quantization
from torch.jit._script import ScriptModule, TopLevelTracedModule


def trace(func, example_inputs=None, optimize=None, check_trace=True, check_inputs=None, check_tolerance=1e-5, strict=True):
    """Records what `func`, a quantized model, computes for inputs of the shapes of `example_inputs`.

    Shapes become part of the trace: it runs, and is compiled, for exactly these.
    """
    if isinstance(func, ScriptModule):
        return func
    if not isinstance(func, torch.nn.Module):
        raise TypeError("trace() needs a quantized model (a GraphModule from convert_fx), not " + type(func).__name__)
    if example_inputs is None:
        raise RuntimeError("trace() needs example_inputs")
    if isinstance(example_inputs, torch.Tensor):
        example_inputs = (example_inputs,)
    shapes = []
    for example in example_inputs:
        if not isinstance(example, torch.Tensor):
            raise TypeError("example_inputs must be tensors, not " + type(example).__name__)
        shapes.append(tuple(example.shape))
    try:
        graph = _quantization.trace(func, tuple(shapes))
    except (RuntimeError, ValueError, TypeError) as error:
        return TopLevelTracedModule(None, func, _float_layer(func) or str(error))
    return TopLevelTracedModule(graph)


def _float_layer(model):
    """Names a float layer of a model that was not quantized; None for a converted model."""
    if isinstance(model, torch.fx.GraphModule):
        return None
    for name, module in model.named_modules():
        if name and not list(module.children()) and list(module.parameters()):
            return "the model has float layers, such as {} ({}): quantize it with prepare_qat_fx and convert_fx first".format(name, type(module).__name__)
    return None
