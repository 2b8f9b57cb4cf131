"""The old name of tensors that record gradients."""

from _torch import Tensor


def Variable(data, requires_grad=False, volatile=False):
    """`data` itself as a new tensor of the same memory, recording when asked to."""
    result = data.detach()
    return result.requires_grad_(requires_grad)
