"""Transforms as functions: on PIL images exactly as Pillow computes, on tensors [..., C, H, W] where that needs no resampling."""

import math
import numbers
from enum import Enum

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from torch import Tensor

import _vision_color
import _vision_transforms


class InterpolationMode(Enum):
    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


pil_modes_mapping = {
    InterpolationMode.NEAREST: 0, InterpolationMode.BILINEAR: 2, InterpolationMode.BICUBIC: 3, InterpolationMode.NEAREST_EXACT: 0,
    InterpolationMode.BOX: 4, InterpolationMode.HAMMING: 5, InterpolationMode.LANCZOS: 1,
}

_by_code = {
    0: InterpolationMode.NEAREST, 2: InterpolationMode.BILINEAR, 3: InterpolationMode.BICUBIC, 4: InterpolationMode.BOX,
    5: InterpolationMode.HAMMING, 1: InterpolationMode.LANCZOS,
}


def _interpolation_modes_from_int(i):
    return _by_code[int(i)]


def _mode(interpolation):
    if isinstance(interpolation, int):
        return _interpolation_modes_from_int(interpolation)
    if not isinstance(interpolation, InterpolationMode):
        raise TypeError("Argument interpolation should be a InterpolationMode or a corresponding Pillow integer constant")
    return interpolation


def _code(interpolation):
    return pil_modes_mapping[_mode(interpolation)]


def _is_pil_image(img):
    return isinstance(img, Image.Image)


def _needs_pil(img, name):
    """Raises for a tensor given to an operation that resamples pixels."""
    if isinstance(img, Tensor):
        raise TypeError(f"{name} works on PIL images; convert the tensor with to_pil_image, or apply the transform before ToTensor")
    if not _is_pil_image(img):
        raise TypeError(f"img should be PIL Image. Got {type(img)}")


def get_dimensions(img):
    """[channels, height, width]"""
    if isinstance(img, Tensor):
        _assert_image_tensor(img)
        channels = 1 if img.ndim == 2 else img.shape[-3]
        return [channels, img.shape[-2], img.shape[-1]]
    if _is_pil_image(img):
        return [len(img.getbands()), img.height, img.width]
    raise TypeError(f"Unexpected type {type(img)}")


def get_image_size(img):
    """[width, height]"""
    _, height, width = get_dimensions(img)
    return [width, height]


def get_image_num_channels(img):
    return get_dimensions(img)[0]


def _assert_image_tensor(img):
    if img.ndim < 2:
        raise TypeError("Tensor is not a torch image.")


# Conversions

def to_tensor(pic):
    """A float tensor [C, H, W] in [0, 1] from an image or an array [H, W, C]."""
    if _is_pil_image(pic):
        tensor = pic._to_tensor(True)
        default = torch.get_default_dtype()
        return tensor if tensor.dtype in (default, torch.int32, torch.int16) else tensor.to(dtype=default)
    if not isinstance(pic, np.ndarray):
        raise TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}")
    if pic.ndim not in (2, 3):
        raise ValueError(f"pic should be 2/3 dimensional. Got {pic.ndim} dimensions.")
    if pic.ndim == 2:
        pic = pic[:, :, None]
    img = torch.from_numpy(pic.transpose((2, 0, 1))).contiguous()
    if img.dtype == torch.uint8:
        return img.to(dtype=torch.get_default_dtype()).div(255)
    return img


def pil_to_tensor(pic):
    """A tensor [C, H, W] with the image's own values."""
    if not _is_pil_image(pic):
        raise TypeError(f"pic should be PIL Image. Got {type(pic)}")
    return pic._to_tensor(False)


def to_pil_image(pic, mode=None):
    """An image from a tensor [C, H, W] or an array [H, W, C]; float values are taken as in [0, 1]."""
    if isinstance(pic, Tensor):
        if pic.ndim == 3:
            pic = pic.permute((1, 2, 0))
        pic = pic.numpy()
        if np.issubdtype(pic.dtype, np.floating) and mode != "F":
            pic = (pic * 255).astype(np.uint8)
    elif not isinstance(pic, np.ndarray):
        raise TypeError(f"pic should be Tensor or ndarray. Got {type(pic)}.")
    if pic.ndim == 2:
        pic = np.expand_dims(pic, 2)
    if pic.ndim != 3:
        raise ValueError(f"pic should be 2/3 dimensional. Got {pic.ndim} dimensions.")
    if pic.shape[-1] > 4:
        raise ValueError(f"pic should not have > 4 channels. Got {pic.shape[-1]} channels.")
    if pic.shape[2] == 1:
        return Image.fromarray(pic[:, :, 0], mode)
    return Image.fromarray(pic, mode)


_MAXIMA = {torch.uint8: 255, torch.int8: 127, torch.int16: 32767, torch.int32: 2147483647, torch.int64: 9223372036854775807}


def convert_image_dtype(image, dtype=torch.float):
    """The tensor in another dtype, its range scaled to the dtype's: 1 for floats, the largest value for integers."""
    if not isinstance(image, Tensor):
        raise TypeError("Input img should be Tensor Image")
    if image.dtype == dtype:
        return image
    if image.is_floating_point():
        if dtype.is_floating_point:
            return image.to(dtype)
        if (image.dtype == torch.float32 and dtype in (torch.int32, torch.int64)) or (image.dtype == torch.float64 and dtype == torch.int64):
            raise RuntimeError(f"The cast from {image.dtype} to {dtype} cannot be performed safely.")
        return image.mul(_MAXIMA[dtype] + 1.0 - 1e-3).to(dtype)
    if dtype.is_floating_point:
        return image.to(dtype) / _MAXIMA[image.dtype]
    before, after = _MAXIMA[image.dtype], _MAXIMA[dtype]
    if before > after:
        return torch.div(image, (before + 1) // (after + 1), rounding_mode="floor").to(dtype)
    return image.to(dtype) * ((after + 1) // (before + 1))


def normalize(tensor, mean, std, inplace=False):
    """(tensor − mean) / std for each channel of [..., C, H, W]."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
    if not tensor.is_floating_point():
        raise TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}.")
    if tensor.ndim < 3:
        raise ValueError(f"Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {tensor.size()}")
    if not inplace:
        done = _vision_color.normalize(tensor, mean, std)
        if done is not None:
            return done
        tensor = tensor.clone()
    mean = torch.as_tensor(mean, dtype=tensor.dtype)
    std = torch.as_tensor(std, dtype=tensor.dtype)
    if bool((std == 0).any()):
        raise ValueError(f"std evaluated to zero after conversion to {tensor.dtype}, leading to division by zero.")
    if mean.ndim == 1:
        mean = mean.view(-1, 1, 1)
    if std.ndim == 1:
        std = std.view(-1, 1, 1)
    return tensor.sub_(mean).div_(std)


# Geometry

def hflip(img):
    if isinstance(img, Tensor):
        _assert_image_tensor(img)
        return img.flip(-1)
    _needs_pil(img, "hflip")
    return img.transpose(Image.FLIP_LEFT_RIGHT)


def vflip(img):
    if isinstance(img, Tensor):
        _assert_image_tensor(img)
        return img.flip(-2)
    _needs_pil(img, "vflip")
    return img.transpose(Image.FLIP_TOP_BOTTOM)


def crop(img, top, left, height, width):
    """The rectangle; what lies outside is zero."""
    if isinstance(img, Tensor):
        _assert_image_tensor(img)
        h, w = img.shape[-2], img.shape[-1]
        right, bottom = left + width, top + height
        inside = img[..., max(top, 0):max(bottom, 0), max(left, 0):max(right, 0)]
        if left < 0 or top < 0 or right > w or bottom > h:
            border = [max(-left + min(0, right), 0), max(right - max(w, left), 0), max(-top + min(0, bottom), 0), max(bottom - max(h, top), 0)]
            return torch.nn.functional.pad(inside, border)
        return inside
    _needs_pil(img, "crop")
    return img.crop((left, top, left + width, top + height))


def _size_pair(size):
    if isinstance(size, numbers.Number):
        return int(size), int(size)
    if len(size) == 1:
        return size[0], size[0]
    return size[0], size[1]


def center_crop(img, output_size):
    crop_height, crop_width = _size_pair(output_size)
    _, height, width = get_dimensions(img)
    if crop_width > width or crop_height > height:
        dx, dy = max(0, crop_width - width), max(0, crop_height - height)
        img = pad(img, [dx // 2, dy // 2, (dx + 1) // 2, (dy + 1) // 2], fill=0)
        _, height, width = get_dimensions(img)
        if crop_width == width and crop_height == height:
            return img
    top = int(round((height - crop_height) / 2.0))
    left = int(round((width - crop_width) / 2.0))
    return crop(img, top, left, crop_height, crop_width)


def five_crop(img, size):
    """Four corners and the center."""
    height, width = _size_pair(size)
    _, h, w = get_dimensions(img)
    if width > w or height > h:
        raise ValueError(f"Requested crop size {size} is bigger than input size {(h, w)}")
    return (
        crop(img, 0, 0, height, width), crop(img, 0, w - width, height, width), crop(img, h - height, 0, height, width),
        crop(img, h - height, w - width, height, width), center_crop(img, [height, width]),
    )


def ten_crop(img, size, vertical_flip=False):
    first = five_crop(img, size)
    return first + five_crop(vflip(img) if vertical_flip else hflip(img), size)


def _border(padding):
    """left, top, right, bottom"""
    if isinstance(padding, int):
        return [padding] * 4
    if not isinstance(padding, (tuple, list)):
        raise TypeError("Got inappropriate padding arg")
    if len(padding) == 1:
        return [padding[0]] * 4
    if len(padding) == 2:
        return [padding[0], padding[1], padding[0], padding[1]]
    if len(padding) == 4:
        return list(padding)
    raise ValueError(f"Padding must be an int or a 1, 2, or 4 element tuple, not a {len(padding)} element tuple")


def _check_padding_mode(padding_mode):
    if padding_mode not in ("constant", "edge", "reflect", "symmetric"):
        raise ValueError("Padding mode should be either constant, edge, reflect or symmetric")


def pad(img, padding, fill=0, padding_mode="constant"):
    border = _border(padding)
    _check_padding_mode(padding_mode)
    if isinstance(img, Tensor):
        left, top, right, bottom = border
        if padding_mode == "constant":
            return torch.nn.functional.pad(img, [left, right, top, bottom], value=float(fill if fill is not None else 0))
        if padding_mode == "symmetric":
            h, w = img.shape[-2], img.shape[-1]
            rows = _mirrored(h, top, bottom)
            columns = _mirrored(w, left, right)
            return img[..., rows, :][..., columns]
        mode = "replicate" if padding_mode == "edge" else "reflect"
        flat = img.ndim == 2
        batch = img[None] if flat else img
        if batch.dtype != torch.float32 and batch.dtype != torch.float64:
            return torch.nn.functional.pad(batch.to(torch.float32), [left, right, top, bottom], mode=mode).to(img.dtype)
        result = torch.nn.functional.pad(batch, [left, right, top, bottom], mode=mode)
        return result[0] if flat else result
    _needs_pil(img, "pad")
    return img._pad(border, padding_mode, _fill_values(fill, img))


def _mirrored(count, before, after):
    positions = []
    for i in range(-before, count + after):
        i %= 2 * count
        positions.append(i if i < count else 2 * count - 1 - i)
    return positions


def _fill_values(fill, img):
    """One number for each band."""
    bands = len(img.getbands())
    if fill is None:
        fill = 0
    if isinstance(fill, (int, float)):
        fill = (fill,) * bands
    elif len(fill) == 1:
        fill = tuple(fill) * bands
    elif len(fill) != bands:
        raise ValueError(f"The number of elements in 'fill' does not match the number of channels of the image ({len(fill)} != {bands})")
    return tuple(fill) if img.mode == "F" else tuple(int(x) for x in fill)


def _compute_resized_output_size(image_size, size, max_size=None):
    """(height, width) for an image of that size."""
    h, w = image_size
    if len(size) == 2:
        return [size[0], size[1]]
    short, long = (w, h) if w <= h else (h, w)
    wanted = size if isinstance(size, int) else size[0]
    new_short, new_long = wanted, int(wanted * long / short)
    if max_size is not None:
        if max_size <= wanted:
            raise ValueError(f"max_size = {max_size} must be strictly greater than the requested size for the smaller edge size = {size}")
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return [new_long, new_short] if w <= h else [new_short, new_long]


def resize(img, size, interpolation=InterpolationMode.BILINEAR, max_size=None, antialias=True):
    if isinstance(size, int):
        size = [size]
    if max_size is not None and len(size) != 1:
        raise ValueError("max_size should only be passed if size specifies the length of the smaller edge, i.e. size should be an int or a sequence of length 1 in torchscript mode.")
    _needs_pil(img, "resize")
    height, width = _compute_resized_output_size((img.height, img.width), size, max_size)
    if (height, width) == (img.height, img.width):
        return img
    return img.resize((width, height), _code(interpolation))


def resized_crop(img, top, left, height, width, size, interpolation=InterpolationMode.BILINEAR, antialias=True):
    return resize(crop(img, top, left, height, width), list(size), interpolation)


def affine(img, angle, translate, scale, shear, interpolation=InterpolationMode.NEAREST, fill=None, center=None):
    """Turned clockwise by `angle` degrees, sheared, scaled, then moved by whole pixels."""
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    if not isinstance(translate, (list, tuple)):
        raise TypeError("Argument translate should be a sequence")
    if len(translate) != 2:
        raise ValueError("Argument translate should be a sequence of length 2")
    if scale <= 0.0:
        raise ValueError("Argument scale should be positive")
    if isinstance(shear, numbers.Number):
        shear = [shear, 0.0]
    if not isinstance(shear, (list, tuple)):
        raise TypeError("Shear should be either a single value or a sequence of two values")
    if len(shear) == 1:
        shear = [shear[0], shear[0]]
    if len(shear) != 2:
        raise ValueError(f"Shear should be a sequence containing two values. Got {shear}")
    _needs_pil(img, "affine")
    if center is None:
        center = [img.width * 0.5, img.height * 0.5]
    matrix = _vision_transforms.inverse_affine(center, float(angle), translate, scale, shear)
    return img.transform(img.size, Image.AFFINE, matrix, _code(interpolation), fillcolor=_fill_values(fill, img))


def rotate(img, angle, interpolation=InterpolationMode.NEAREST, expand=False, center=None, fill=None):
    """Turned counter-clockwise by `angle` degrees."""
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    if center is not None and not isinstance(center, (list, tuple)):
        raise TypeError("Argument center should be a sequence")
    _needs_pil(img, "rotate")
    return img.rotate(angle, _code(interpolation), expand, center, fillcolor=_fill_values(fill, img))


def perspective(img, startpoints, endpoints, interpolation=InterpolationMode.BILINEAR, fill=None):
    """The four start points moved to the four end points, and everything else with them."""
    _needs_pil(img, "perspective")
    data = _vision_transforms.perspective_coefficients(startpoints, endpoints)
    return img.transform(img.size, Image.PERSPECTIVE, data, _code(interpolation), fillcolor=_fill_values(fill, img))


# Colors

def _blend(first, second, ratio):
    bound = 1.0 if first.is_floating_point() else 255.0
    return (ratio * first + (1.0 - ratio) * second).clamp(0, bound).to(first.dtype)


def rgb_to_grayscale(img, num_output_channels=1):
    if not isinstance(img, Tensor):
        return to_grayscale(img, num_output_channels)
    if num_output_channels not in (1, 3):
        raise ValueError("num_output_channels should be either 1 or 3")
    if img.shape[-3] == 3:
        r, g, b = img.unbind(dim=-3)
        img = (0.2989 * r + 0.587 * g + 0.114 * b).to(img.dtype).unsqueeze(dim=-3)
    else:
        img = img.clone()
    if num_output_channels == 3:
        shape = list(img.shape)
        shape[-3] = 3
        return img.expand(shape)
    return img


def to_grayscale(img, num_output_channels=1):
    _needs_pil(img, "to_grayscale")
    if num_output_channels not in (1, 3):
        raise ValueError("num_output_channels should be either 1 or 3")
    gray = img.convert("L")
    return gray if num_output_channels == 1 else gray.convert("RGB")


def adjust_brightness(img, brightness_factor):
    if isinstance(img, Tensor):
        if brightness_factor < 0:
            raise ValueError(f"brightness_factor ({brightness_factor}) is not non-negative.")
        return _blend(img, torch.zeros_like(img), brightness_factor)
    _needs_pil(img, "adjust_brightness")
    return ImageEnhance.Brightness(img).enhance(brightness_factor)


def adjust_contrast(img, contrast_factor):
    if isinstance(img, Tensor):
        if contrast_factor < 0:
            raise ValueError(f"contrast_factor ({contrast_factor}) is not non-negative.")
        dtype = img.dtype if img.is_floating_point() else torch.float32
        gray = rgb_to_grayscale(img) if img.shape[-3] == 3 else img
        mean = torch.mean(gray.to(dtype), dim=(-3, -2, -1), keepdim=True)
        return _blend(img, mean, contrast_factor)
    _needs_pil(img, "adjust_contrast")
    return ImageEnhance.Contrast(img).enhance(contrast_factor)


def adjust_saturation(img, saturation_factor):
    if isinstance(img, Tensor):
        if saturation_factor < 0:
            raise ValueError(f"saturation_factor ({saturation_factor}) is not non-negative.")
        if img.shape[-3] == 1:
            return img
        return _blend(img, rgb_to_grayscale(img), saturation_factor)
    _needs_pil(img, "adjust_saturation")
    return ImageEnhance.Color(img).enhance(saturation_factor)


def adjust_sharpness(img, sharpness_factor):
    _needs_pil(img, "adjust_sharpness")
    return ImageEnhance.Sharpness(img).enhance(sharpness_factor)


def adjust_hue(img, hue_factor):
    if not (-0.5 <= hue_factor <= 0.5):
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    _needs_pil(img, "adjust_hue")
    return img._hue(hue_factor)


def adjust_gamma(img, gamma, gain=1):
    if gamma < 0:
        raise ValueError("Gamma should be a non-negative real number")
    if isinstance(img, Tensor):
        result = img if img.is_floating_point() else convert_image_dtype(img, torch.float32)
        return convert_image_dtype((gain * result ** gamma).clamp(0, 1), img.dtype)
    _needs_pil(img, "adjust_gamma")
    table = [int((255 + 1 - 1e-3) * gain * pow(value / 255.0, gamma)) for value in range(256)] * 3
    return img.convert("RGB").point(table).convert(img.mode)


def _bound(img):
    return 1.0 if img.is_floating_point() else 255


def invert(img):
    if isinstance(img, Tensor):
        return _bound(img) - img
    _needs_pil(img, "invert")
    return ImageOps.invert(img)


def posterize(img, bits):
    if not (0 <= bits <= 8):
        raise ValueError(f"The number if bits should be between 0 and 8. Got {bits}")
    if isinstance(img, Tensor):
        if img.dtype != torch.uint8:
            raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")
        return img & -int(2 ** (8 - bits))
    _needs_pil(img, "posterize")
    return ImageOps.posterize(img, bits)


def solarize(img, threshold):
    if isinstance(img, Tensor):
        return torch.where(img >= threshold, invert(img), img)
    _needs_pil(img, "solarize")
    return ImageOps.solarize(img, threshold)


def autocontrast(img):
    if isinstance(img, Tensor):
        bound = float(_bound(img))
        dtype = img.dtype if img.is_floating_point() else torch.float32
        low = img.amin(dim=(-2, -1), keepdim=True).to(dtype)
        high = img.amax(dim=(-2, -1), keepdim=True).to(dtype)
        flat = high == low
        scale = torch.where(flat, torch.ones_like(high), bound / (high - low))
        low = torch.where(flat, torch.zeros_like(low), low)
        return ((img - low) * scale).clamp(0, bound).to(img.dtype)
    _needs_pil(img, "autocontrast")
    return ImageOps.autocontrast(img)


def equalize(img):
    if isinstance(img, Tensor):
        if img.dtype != torch.uint8:
            raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")
        if img.ndim > 3:
            return torch.stack([equalize(x) for x in img])
        return pil_to_tensor(ImageOps.equalize(to_pil_image(img))).view(img.shape)
    _needs_pil(img, "equalize")
    return ImageOps.equalize(img)


def erase(img, i, j, h, w, v, inplace=False):
    """The rectangle of a tensor overwritten by `v`."""
    if not isinstance(img, Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(img)}")
    if not inplace:
        img = img.clone()
    img[..., i:i + h, j:j + w] = v
    return img


def gaussian_blur(img, kernel_size, sigma=None):
    """Blurred by a Gaussian of the given odd sizes (x, y); borders are reflected."""
    if isinstance(kernel_size, int):
        kernel_size = [kernel_size, kernel_size]
    if len(kernel_size) != 2:
        raise ValueError(f"If kernel_size is a sequence its length should be 2. Got {len(kernel_size)}")
    for size in kernel_size:
        if size % 2 == 0 or size < 0:
            raise ValueError(f"kernel_size should have odd and positive integers. Got {kernel_size}")
    if sigma is None:
        sigma = [size * 0.15 + 0.35 for size in kernel_size]
    if isinstance(sigma, (int, float)):
        sigma = [float(sigma), float(sigma)]
    if len(sigma) == 1:
        sigma = [sigma[0], sigma[0]]
    for value in sigma:
        if value <= 0.0:
            raise ValueError(f"sigma should have positive values. Got {sigma}")
    tensor = img if isinstance(img, Tensor) else pil_to_tensor(img)
    dtype = tensor.dtype if tensor.is_floating_point() else torch.float32
    batch = tensor.to(dtype)
    shape = batch.shape
    batch = batch.reshape([-1, 1, shape[-2], shape[-1]])
    kernels = []
    for size, value in zip(kernel_size, sigma):
        half = (size - 1) * 0.5
        x = torch.linspace(-half, half, steps=size, dtype=dtype)
        weights = torch.exp(-0.5 * (x / value).pow(2))
        kernels.append(weights / weights.sum())
    kernel = torch.mm(kernels[1][:, None], kernels[0][None, :])
    border = [kernel_size[0] // 2, kernel_size[0] // 2, kernel_size[1] // 2, kernel_size[1] // 2]
    batch = torch.nn.functional.pad(batch, border, mode="reflect")
    batch = torch.nn.functional.conv2d(batch, kernel[None, None])
    result = batch.reshape(shape)
    if not tensor.is_floating_point():
        result = torch.round(result)
    result = result.to(tensor.dtype)
    return result if isinstance(img, Tensor) else to_pil_image(result, mode=img.mode)
