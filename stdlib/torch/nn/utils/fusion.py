"""Folding batch normalisation into the layer before it."""

import copy

from _torch import Parameter, rsqrt, zeros_like


def fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, transpose=False):
    """The weight and bias of a convolution that also normalises."""
    if conv_b is None:
        conv_b = zeros_like(bn_rm)
    if bn_w is None:
        bn_w = zeros_like(bn_rm) + 1
    if bn_b is None:
        bn_b = zeros_like(bn_rm)
    scale = bn_w * rsqrt(bn_rv + bn_eps)
    sizes = [1, -1] if transpose else [-1, 1]
    sizes += [1] * (conv_w.dim() - 2)
    weight = (conv_w * scale.reshape(sizes)).to(conv_w.dtype)
    bias = ((conv_b - bn_rm) * scale + bn_b).to(conv_b.dtype)
    return Parameter(weight.detach(), conv_w.requires_grad), Parameter(bias.detach(), conv_b.requires_grad)


def fuse_conv_bn_eval(conv, bn, transpose=False):
    """A convolution that computes what `bn` computes after `conv`; both must be in evaluation mode."""
    if conv.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    fused = copy.deepcopy(conv)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias, transpose
    )
    return fused


def fuse_linear_bn_eval(linear, bn):
    """A linear layer that computes what `bn` computes after `linear`."""
    if linear.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    fused = copy.deepcopy(linear)
    scale = bn.weight * rsqrt(bn.running_var + bn.eps)
    bias = zeros_like(bn.running_mean) if fused.bias is None else fused.bias
    fused.weight = Parameter((fused.weight * scale.unsqueeze(-1)).detach())
    fused.bias = Parameter(((bias - bn.running_mean) * scale + bn.bias).detach())
    return fused
