"""`torch.save` and `torch.load`: PyTorch's zip checkpoints, read without running code."""

import os

import _serialization
from _serialization import UnpicklingError
from _torch import device

DEFAULT_PROTOCOL = 2


def save(obj, f, pickle_module=None, pickle_protocol=DEFAULT_PROTOCOL, _use_new_zipfile_serialization=True, _disable_byteorder_record=False):
    """Writes tensors, numbers, text and containers of them to a path or a binary file."""
    if isinstance(f, (str, os.PathLike)):
        _serialization.save(obj, f)
        return
    if not hasattr(f, "write"):
        raise AttributeError(f"expected 'f' to be string, path, or a file-like object with a 'write' attribute, not {type(f).__name__}")
    f.write(_serialization.encode(obj, "archive"))


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args):
    """Reads a checkpoint from a path or a binary file. Everything lands on the CPU; code in the file is never run."""
    _check_location(map_location)
    if isinstance(f, (str, os.PathLike)):
        return _serialization.load(f)
    if not hasattr(f, "read"):
        raise AttributeError(
            "'" + type(f).__name__ + "' object has no attribute 'read'. You can only torch.load from a file that is seekable. Please pre-load the data "
            "into a buffer like io.BytesIO and try to load from it instead."
        )
    return _serialization.decode(f.read(), getattr(f, "name", "archive") if isinstance(getattr(f, "name", None), str) else "archive")


def _check_location(map_location):
    if map_location is None or callable(map_location):
        return
    targets = map_location.values() if isinstance(map_location, dict) else [map_location]
    for target in targets:
        if device(target).type != "cpu":
            raise RuntimeError(
                "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are running on a CPU-only machine, "
                "please use torch.load with map_location=torch.device('cpu') to map your storages to the CPU."
            )


def add_safe_globals(safe_globals):
    raise NotImplementedError("only tensors, numbers, text and containers of them are loaded: no class can be added")
