"""Tracing of quantized models into static integer graphs, saved in an open archive (zip: the graph as JSON, tensors as .npy)."""

import os

import torch
from torch.jit._script import ScriptModule
from torch.jit._trace import trace

__all__ = ["ScriptModule", "trace", "save", "load"]


def save(m, f):
    """Writes a traced model. `f` is a path or a file object."""
    if not isinstance(m, ScriptModule):
        raise TypeError("save() needs a traced module, not " + type(m).__name__ + "; make one with torch.jit.trace")
    data = m._integer_graph("torch.jit.save").encode()
    if hasattr(f, "write"):
        f.write(data)
        return
    with open(os.fspath(f), "wb") as file:
        file.write(data)


def load(f, map_location=None):
    """Reads a traced model that `save` wrote."""
    import _quantization

    if hasattr(f, "read"):
        data = f.read()
    else:
        with open(os.fspath(f), "rb") as file:
            data = file.read()
    return ScriptModule(_quantization.decode(data))


def script(obj, *args, **kwargs):
    raise NotImplementedError("torch.jit.script is not supported: only traced models can be deployed; use torch.jit.trace")
