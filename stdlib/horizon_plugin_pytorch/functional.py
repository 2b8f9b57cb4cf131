"""Colour conversions as the accelerator's image path does them: integers from RGB or BGR images of 0…255."""

import torch

_STUDIO = ((66, 129, 25), (-38, -74, 112), (112, -94, -18))
_FULL = ((77, 150, 29), (-43, -84, 127), (127, -106, -21))
_SWINGS = {"studio": (_STUDIO, (16.0, 128.0, 128.0)), "full": (_FULL, (0.0, 128.0, 128.0))}


def _checked(input, swing):
    assert swing in _SWINGS, f"`swing` is expected to be either 'studio' or 'full', but got '{swing}'"
    if input.dim() != 4 or input.shape[1] != 3:
        raise ValueError(f"expected images of shape [batch, 3, height, width], but got {tuple(input.shape)}")
    return input.to(torch.float32)


def _converted(input, rows, offsets, centre):
    """trunc((W · channels + 128) / 256 + offset) − centre, per pixel."""
    weight = torch.tensor(rows, dtype=torch.float32).reshape(len(rows), 3, 1, 1)
    bias = torch.full((len(rows),), 128.0)
    result = torch.nn.functional.conv2d(input, weight, bias) / 256.0
    result = result + torch.tensor(offsets, dtype=torch.float32).reshape(1, len(rows), 1, 1)
    return result.trunc().to(torch.int32) - centre


def _reversed(rows):
    return tuple(tuple(reversed(row)) for row in rows)


def rgb2yuv(input, swing="studio"):
    input = _checked(input, swing)
    rows, offsets = _SWINGS[swing]
    return _converted(input, rows, offsets, 0)


def bgr2yuv(input, swing="studio"):
    input = _checked(input, swing)
    rows, offsets = _SWINGS[swing]
    return _converted(input, _reversed(rows), offsets, 0)


def rgb2centered_yuv(input, swing="studio"):
    """Integers around 0: what the image path of the accelerator feeds a network."""
    input = _checked(input, swing)
    rows, offsets = _SWINGS[swing]
    return _converted(input, rows, offsets, 128)


def bgr2centered_yuv(input, swing="studio"):
    input = _checked(input, swing)
    rows, offsets = _SWINGS[swing]
    return _converted(input, _reversed(rows), offsets, 128)


def rgb2gray(input):
    return _converted(_checked(input, "full"), _FULL[:1], (0.0,), 0)


def bgr2gray(input):
    return _converted(_checked(input, "full"), _reversed(_FULL[:1]), (0.0,), 0)


def rgb2centered_gray(input):
    return _converted(_checked(input, "full"), _FULL[:1], (0.0,), 128)


def bgr2centered_gray(input):
    return _converted(_checked(input, "full"), _reversed(_FULL[:1]), (0.0,), 128)


def _inverse(input, swing):
    assert swing in _SWINGS, f"`swing` is expected to be either 'studio' or 'full', but got '{swing}'"
    input = input.to(torch.float32)
    y, u, v = input[:, 0:1], input[:, 1:2], input[:, 2:3]
    if swing == "studio":
        y = 1.164 * (y + 112.0)
        red, green, blue = y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u
    else:
        y = y + 128.0
        red, green, blue = y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u
    return red, green, blue


def centered_yuv2rgb(input, swing="studio", mean=0.0, std=1.0, q_scale=1 / 128):
    """RGB of centred YUV: (value − mean) / std; `q_scale` is used by quantised models only."""
    return (torch.cat(_inverse(input, swing), 1) - mean) / std


def centered_yuv2bgr(input, swing="studio", mean=0.0, std=1.0, q_scale=1 / 128):
    return (torch.cat(tuple(reversed(_inverse(input, swing))), 1) - mean) / std
