"""Ready-made operations on images."""

from . import Image


def _border(border):
    if isinstance(border, tuple):
        if len(border) == 2:
            return border[0], border[1], border[0], border[1]
        if len(border) == 4:
            return border
        raise ValueError("border must be an integer, or a tuple of two or four elements")
    return border, border, border, border


def autocontrast(image, cutoff=0, ignore=None, mask=None, preserve_tone=False):
    """Stretches the values of every band to 0…255."""
    if not cutoff and ignore is None and mask is None and not preserve_tone:
        return image._operation("autocontrast")
    histogram = (image.convert("L") if preserve_tone else image).histogram(mask)
    table = []
    for start in range(0, len(histogram), 256):
        table += _stretch(histogram[start:start + 256], cutoff, ignore)
    return _apply(image, table)


def _stretch(counts, cutoff, ignore):
    if ignore is not None:
        for value in ([ignore] if isinstance(ignore, int) else ignore):
            counts[value] = 0
    if cutoff:
        low_share, high_share = cutoff if isinstance(cutoff, tuple) else (cutoff, cutoff)
        total = sum(counts)
        for share, order in ((low_share, range(256)), (high_share, range(255, -1, -1))):
            cut = int(total * share // 100)
            for i in order:
                taken = min(cut, counts[i])
                counts[i] -= taken
                cut -= taken
                if cut <= 0:
                    break
    used = [i for i in range(256) if counts[i]]
    if not used or used[0] >= used[-1]:
        return list(range(256))
    scale = 255.0 / (used[-1] - used[0])
    offset = -used[0] * scale
    return [max(0, min(255, int(i * scale + offset))) for i in range(256)]


def _apply(image, table):
    if image.mode not in ("L", "RGB"):
        raise OSError(f"not supported for mode {image.mode}")
    if image.mode == "RGB" and len(table) == 256:
        table = table * 3
    return image._point(bytes(table))


def equalize(image, mask=None):
    """Spreads the values so that they occur about equally often."""
    return image._operation("equalize") if mask is None else image._operation("equalize", mask)


def invert(image):
    return image._operation("invert")


def posterize(image, bits):
    return image._operation("posterize", bits)


def solarize(image, threshold=128):
    return image._operation("solarize", threshold)


def grayscale(image):
    return image.convert("L")


def mirror(image):
    return image.transpose(Image.FLIP_LEFT_RIGHT)


def flip(image):
    return image.transpose(Image.FLIP_TOP_BOTTOM)


def crop(image, border=0):
    left, top, right, bottom = _border(border)
    return image.crop((left, top, image.width - right, image.height - bottom))


def expand(image, border=0, fill=0):
    """Adds a border of one color."""
    left, top, right, bottom = _border(border)
    out = Image.new(image.mode, (left + image.width + right, top + image.height + bottom), fill)
    if image.mode == "P":
        out.putpalette(image.getpalette())
    out.paste(image, (left, top))
    return out


def scale(image, factor, resample=Image.BICUBIC):
    if factor == 1:
        return image.copy()
    if factor <= 0:
        raise ValueError("the factor must be greater than 0")
    return image.resize((round(factor * image.width), round(factor * image.height)), resample)


def _fitting(image, size, inside):
    ratio, target = image.width / image.height, size[0] / size[1]
    if ratio == target:
        return size
    if (ratio > target) == inside:
        return size[0], round(image.height / image.width * size[0])
    return round(image.width / image.height * size[1]), size[1]


def contain(image, size, method=Image.BICUBIC):
    """Scaled to fit inside the size."""
    return image.resize(_fitting(image, size, True), method)


def cover(image, size, method=Image.BICUBIC):
    """Scaled to cover the size."""
    return image.resize(_fitting(image, size, False), method)


def pad(image, size, method=Image.BICUBIC, color=None, centering=(0.5, 0.5)):
    """Scaled to fit inside the size, with a border that fills it."""
    resized = contain(image, size, method)
    if resized.size == tuple(size):
        return resized
    out = Image.new(image.mode, size, color)
    if resized.width != size[0]:
        out.paste(resized, (round((size[0] - resized.width) * max(0, min(centering[0], 1))), 0))
    else:
        out.paste(resized, (0, round((size[1] - resized.height) * max(0, min(centering[1], 1)))))
    return out


def fit(image, size, method=Image.BICUBIC, bleed=0.0, centering=(0.5, 0.5)):
    """Scaled and cropped to the size."""
    across, down = centering
    across = across if 0.0 <= across <= 1.0 else 0.5
    down = down if 0.0 <= down <= 1.0 else 0.5
    if not 0.0 <= bleed < 0.5:
        bleed = 0.0
    edge = bleed * image.width, bleed * image.height
    live = image.width - edge[0] * 2, image.height - edge[1] * 2
    wanted = size[0] / size[1]
    present = live[0] / live[1]
    if present == wanted:
        width, height = live
    elif present >= wanted:
        width, height = wanted * live[1], live[1]
    else:
        width, height = live[0], live[0] / wanted
    left = edge[0] + (live[0] - width) * across
    top = edge[1] + (live[1] - height) * down
    return image.resize(size, method, (left, top, left + width, top + height))


def exif_transpose(image, *, in_place=False):
    """The image itself: orientation tags are not read."""
    return None if in_place else image.copy()
