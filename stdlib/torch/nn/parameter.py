"""Tensors that modules register."""

from _torch import Parameter, Tensor


class Buffer:
    """Marks a tensor that becomes a buffer of the module it is assigned to: not available, use `register_buffer`."""

    def __init__(self, data=None, *, persistent=True):
        raise NotImplementedError("nn.Buffer is not supported: use module.register_buffer(name, tensor)")


class UninitializedParameter:
    """Parameters without sizes, of lazy modules: not available."""

    def __init__(self, *args, **kwargs):
        raise NotImplementedError("lazy modules are not supported: give the layer its sizes")
