"""Functions behind the layers; what works on elements is native (`_nn_functional`)."""

import _nn_functional
from _nn_functional import *
from _torch import Tensor, zeros_like


def celu(input, alpha=1.0, inplace=False):
    result = input.clamp(min=0) + (alpha * ((input / alpha).exp() - 1)).clamp(max=0)
    return input.copy_(result) if inplace else result


def relu_(input):
    return relu(input, inplace=True)


def leaky_relu_(input, negative_slope=0.01):
    return leaky_relu(input, negative_slope, inplace=True)


def hardtanh_(input, min_val=-1.0, max_val=1.0):
    return hardtanh(input, min_val, max_val, inplace=True)


def elu_(input, alpha=1.0):
    return elu(input, alpha, inplace=True)


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return input
    alpha = -1.7580993408473766
    keep = (zeros_like(input) + (1 - p)).bernoulli()
    a = ((1 - p) * (1 + p * alpha ** 2)) ** -0.5
    result = a * (input * keep + alpha * (1 - keep)) - a * alpha * p
    return input.copy_(result) if inplace else result


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    raise NotImplementedError("feature_alpha_dropout is not supported")


def max_pool2d_with_indices(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    return max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)


def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """Divides by the mean of squares over neighbouring channels."""
    if input.dim() < 3:
        raise ValueError(f"Expected 3D or higher dimensionality input (got {input.dim()} dimensions)")
    squares = pad(input.square().unsqueeze(1), (0, 0) * (input.dim() - 2) + (size // 2, (size - 1) // 2))
    mean = squares.unfold(2, size, 1).mean(-1).squeeze(1)
    return input / (mean * alpha + k) ** beta


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    """softmax(q kᵀ / √d) v over the last two dimensions."""
    factor = query.size(-1) ** -0.5 if scale is None else scale
    scores = query @ key.transpose(-2, -1) * factor
    if is_causal:
        future = scores.new_ones(query.size(-2), key.size(-2)).triu(1).bool()
        scores = scores.masked_fill(future, float("-inf"))
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, float("-inf")) if str(attn_mask.dtype) == "torch.bool" else scores + attn_mask
    weights = softmax(scores, -1)
    return dropout(weights, dropout_p, training=dropout_p > 0) @ value


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Columns of the patches of images: `[N, C·kh·kw, L]`."""
    def two(value):
        return (value, value) if isinstance(value, int) else tuple(value)

    kh, kw = two(kernel_size)
    dh, dw = two(dilation)
    ph, pw = two(padding)
    sh, sw = two(stride)
    single = input.dim() == 3
    x = input.unsqueeze(0) if single else input
    x = pad(x, (pw, pw, ph, ph))
    n, c = x.shape[0], x.shape[1]
    patches = x.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw)[..., ::dh, ::dw]
    columns = patches.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, -1)
    return columns.squeeze(0) if single else columns


def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    return _reduced((-target * (input1 - input2) + margin).clamp(min=0), reduction)


def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"):
    zero = zeros_like(input)
    return _reduced((margin - input).clamp(min=0).where(target == -1, zero) + input.where(target == 1, zero), reduction)


def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    similarity = cosine_similarity(input1, input2, dim=-1)
    zero = zeros_like(similarity)
    return _reduced((1 - similarity).where(target == 1, zero) + (similarity - margin).clamp(min=0).where(target == -1, zero), reduction)


def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None, reduce=None, reduction="mean"):
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    return _reduced((near - far + margin).clamp(min=0), reduction)


def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    return _reduced((-target * input).exp().log1p(), reduction)


def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    var = var.clamp(min=eps)
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.9189385332046727
    return _reduced(loss, reduction)


def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"):
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * 3.141592653589793 * target).log()
        loss = loss + stirling.where(target > 1, zeros_like(target))
    return _reduced(loss, reduction)


def _reduced(loss, reduction):
    if reduction == "none":
        return loss
    if reduction == "mean":
        return loss.mean()
    if reduction == "sum":
        return loss.sum()
    raise ValueError(f"{reduction} is not a valid value for reduction")


def __getattr__(name):
    import sys

    raise AttributeError(f"module 'torch.nn.functional' has no attribute '{name}'", name=name, obj=sys.modules["torch.nn.functional"])
