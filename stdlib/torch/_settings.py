"""Process-wide settings that have one possible value here, and small functions of tensors."""

from _torch import Tensor, cat, device, meshgrid, set_default_dtype, stack, zeros

_deterministic = False


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Every operation is deterministic already; the flag is remembered."""
    global _deterministic
    _deterministic = bool(mode)


def are_deterministic_algorithms_enabled():
    return _deterministic


def get_float32_matmul_precision():
    return "highest"


def set_float32_matmul_precision(precision):
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(f"set_float32_matmul_precision expected one of highest, high, medium, but got {precision}")


def get_num_interop_threads():
    return 1


def set_num_interop_threads(num):
    if num < 1:
        raise RuntimeError("Expected a positive number of threads")


def get_default_device():
    return device("cpu")


def set_default_device(name):
    if name is not None and device(name).type != "cpu":
        raise AssertionError("Torch not compiled with CUDA enabled")


def set_default_tensor_type(kind):
    import torch

    names = {"torch.FloatTensor": torch.float32, "torch.DoubleTensor": torch.float64}
    name = kind if isinstance(kind, str) else "torch." + kind.__name__
    if name not in names:
        raise TypeError("only floating-point types are supported as the default type")
    set_default_dtype(names[name])


def is_warn_always_enabled():
    return False


def typename(obj):
    """The type of an object as text: `torch.FloatTensor` for tensors."""
    if isinstance(obj, Tensor):
        return obj.type()
    cls = obj if isinstance(obj, type) else type(obj)
    if cls.__module__ in ("builtins", "__builtin__"):
        return cls.__qualname__
    return cls.__module__ + "." + cls.__qualname__


def block_diag(*tensors):
    """A matrix with the given ones along its diagonal."""
    blocks = [tensor.reshape(1, -1) if tensor.dim() < 2 else tensor for tensor in tensors]
    height = sum(block.shape[0] for block in blocks)
    width = sum(block.shape[1] for block in blocks)
    result = zeros(height, width, dtype=blocks[0].dtype)
    row = column = 0
    for block in blocks:
        result[row:row + block.shape[0], column:column + block.shape[1]] = block
        row += block.shape[0]
        column += block.shape[1]
    return result


def cartesian_prod(*tensors):
    """Every combination of one element of each tensor, as rows."""
    if len(tensors) == 1:
        return tensors[0]
    return stack([axis.reshape(-1) for axis in meshgrid(*tensors, indexing="ij")], 1)
