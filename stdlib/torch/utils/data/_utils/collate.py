"""Samples joined to a batch."""

import collections.abc
import copy

import torch

_KINDS = "batch must contain tensors, numpy arrays, numbers, dicts or lists"


def default_convert(data):
    """Arrays become tensors, inside lists and dicts too; everything else stays."""
    if isinstance(data, torch.Tensor):
        return data
    kind = type(data)
    if kind.__module__ == "numpy" and kind.__name__ != "str_":
        return torch.as_tensor(data)
    if isinstance(data, collections.abc.Mapping):
        return {key: default_convert(data[key]) for key in data}
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return kind(*(default_convert(d) for d in data))
    if isinstance(data, (list, tuple)):
        return [default_convert(d) for d in data]
    return data


def default_collate(batch):
    """Tensors are stacked, numbers become a tensor; in dicts and tuples, entry by entry."""
    elem = batch[0]
    if isinstance(elem, torch.Tensor):
        try:
            return torch.stack(list(batch), 0)
        except RuntimeError as error:
            raise RuntimeError(_ragged(batch, error)) from None
    kind = type(elem)
    if isinstance(elem, bool):
        return torch.tensor(list(batch))
    if isinstance(elem, float):
        return torch.tensor(list(batch), dtype=torch.float64)
    if isinstance(elem, int):
        return torch.tensor(list(batch))
    if isinstance(elem, (str, bytes)):
        return batch
    if kind.__module__ == "numpy":
        return default_collate([torch.as_tensor(item) for item in batch])
    if isinstance(elem, collections.abc.Mapping):
        collated = {key: default_collate([d[key] for d in batch]) for key in elem}
        try:
            return kind(collated)
        except TypeError:
            return collated
    if isinstance(elem, tuple) and hasattr(elem, "_fields"):
        return kind(*(default_collate(samples) for samples in zip(*batch)))
    if isinstance(elem, collections.abc.Sequence):
        size = len(elem)
        if not all(len(item) == size for item in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        return [default_collate(samples) for samples in zip(*batch)]
    raise TypeError(f"default_collate: {_KINDS}; found {kind}")


def _ragged(batch, error):
    """PyTorch's sentence, with the position of the sample that differs."""
    for i, item in enumerate(batch):
        if item.shape != batch[0].shape:
            return f"{error} (sample {i} of the batch has shape {list(item.shape)}, sample 0 {list(batch[0].shape)})"
    return str(error)


def collate(batch, *, collate_fn_map=None):
    """`default_collate` with functions of the user's for some types."""
    for kind, function in (collate_fn_map or {}).items():
        if isinstance(batch[0], kind):
            return function(batch, collate_fn_map=collate_fn_map)
    return default_collate(batch)
