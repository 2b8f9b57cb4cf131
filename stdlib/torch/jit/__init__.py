"""Traced models: a converted model with fixed input shapes, as one integer graph that can be saved, run and deployed."""

import _fx
import _quantization
import torch


class ScriptModule:
    """A traced integer model. Calling it computes exactly what the converted model computes for inputs of the traced shapes."""

    def __init__(self, graph):
        self._integer_graph = graph
        self.original_name = graph.name
        self.training = False

    def __call__(self, *args):
        return self._integer_graph.run(args)

    forward = __call__

    def eval(self):
        return self

    def train(self, mode=True):
        return self

    def to(self, *args, **kwargs):
        return self

    def cpu(self):
        return self

    def save(self, f):
        save(self, f)

    @property
    def layers(self):
        """`[(layer name, operation)]` in order."""
        return self._integer_graph.layers

    def __repr__(self):
        lines = [f"  ({name}): {operation}" for name, operation in self.layers]
        return f"{self.original_name}(\n  original_name={self.original_name}\n" + "\n".join(lines) + "\n)"


def trace(func, example_inputs=None, **kwargs):
    """Records a converted model for the shapes of `example_inputs`."""
    if not isinstance(func, _fx.GraphModule):
        raise NotImplementedError(f"torch.jit.trace is supported for models converted by convert_fx, not for {type(func).__name__}")
    if example_inputs is None:
        raise RuntimeError("example_inputs should be given to trace a module")
    if isinstance(example_inputs, torch.Tensor):
        example_inputs = (example_inputs,)
    return ScriptModule(_quantization.trace(func, [tuple(x.shape) for x in example_inputs]))


def save(m, f, _extra_files=None):
    """Writes a traced model: a zip archive of a JSON graph and `.npy` arrays."""
    data = m._integer_graph.encode()
    if hasattr(f, "write"):
        f.write(data)
        return
    import os

    temporary = str(f) + ".partial"
    with open(temporary, "wb") as file:
        file.write(data)
    os.replace(temporary, str(f))


def load(f, map_location=None, _extra_files=None):
    if hasattr(f, "read"):
        return ScriptModule(_quantization.decode(f.read()))
    with open(f, "rb") as file:
        return ScriptModule(_quantization.decode(file.read()))


def is_tracing():
    return False


def is_scripting():
    return False


def script(obj, **kwargs):
    raise NotImplementedError("torch.jit.script is not supported")


def ignore(fn=None, **kwargs):
    return fn if fn is not None else (lambda f: f)


unused = ignore
