"""The image class, and the functions that make images."""

import _imaging
import builtins
import io
import os
from enum import IntEnum

from . import UnidentifiedImageError

MAX_IMAGE_PIXELS = int(1024 * 1024 * 1024 // 4 // 3)


class Transpose(IntEnum):
    FLIP_LEFT_RIGHT = 0
    FLIP_TOP_BOTTOM = 1
    ROTATE_90 = 2
    ROTATE_180 = 3
    ROTATE_270 = 4
    TRANSPOSE = 5
    TRANSVERSE = 6


class Transform(IntEnum):
    AFFINE = 0
    EXTENT = 1
    PERSPECTIVE = 2
    QUAD = 3
    MESH = 4


class Resampling(IntEnum):
    NEAREST = 0
    BOX = 4
    BILINEAR = 2
    HAMMING = 5
    BICUBIC = 3
    LANCZOS = 1


class Dither(IntEnum):
    NONE = 0
    ORDERED = 1
    RASTERIZE = 2
    FLOYDSTEINBERG = 3


FLIP_LEFT_RIGHT = Transpose.FLIP_LEFT_RIGHT
FLIP_TOP_BOTTOM = Transpose.FLIP_TOP_BOTTOM
ROTATE_90 = Transpose.ROTATE_90
ROTATE_180 = Transpose.ROTATE_180
ROTATE_270 = Transpose.ROTATE_270
TRANSPOSE = Transpose.TRANSPOSE
TRANSVERSE = Transpose.TRANSVERSE
AFFINE = Transform.AFFINE
EXTENT = Transform.EXTENT
PERSPECTIVE = Transform.PERSPECTIVE
QUAD = Transform.QUAD
MESH = Transform.MESH
NEAREST = Resampling.NEAREST
BOX = Resampling.BOX
BILINEAR = Resampling.BILINEAR
HAMMING = Resampling.HAMMING
BICUBIC = Resampling.BICUBIC
LANCZOS = Resampling.LANCZOS
NONE = Dither.NONE
FLOYDSTEINBERG = Dither.FLOYDSTEINBERG

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG"}
_KINDS = {Transform.AFFINE: "affine", Transform.EXTENT: "extent", Transform.PERSPECTIVE: "perspective", Transform.QUAD: "quad"}


def _ink(color, mode, filler=False):
    """The bytes of one pixel of the given color: a number, a tuple, or a name."""
    if isinstance(color, str):
        from . import ImageColor
        color = ImageColor.getcolor(color, mode)
    count = _imaging.bands(mode)
    if isinstance(color, (tuple, list)):
        bands = list(color)
        if len(bands) == 1 and count > 1:
            bands = bands * count
        if count == 4 and len(bands) == 3 and mode == "RGBA":
            bands.append(255)
        if count == 2 and len(bands) == 1:
            bands.append(255)
    elif count == 1:
        bands = [color]
    elif isinstance(color, int):
        # An int is a packed pixel: the lowest byte is the first band.
        bands = [(color >> (8 * i)) & 255 for i in range(count)]
        if mode == "LA":
            bands = [color & 255, (color >> 24) & 255]
    else:
        raise TypeError(f"color must be int or tuple")
    return _imaging.ink(mode, bands)


class Image(_imaging.Core):
    """A rectangle of pixels. Made by `new`, `open`, `fromarray` and the methods of other images."""

    format = None
    filename = ""
    is_animated = False
    n_frames = 1

    @property
    def info(self):
        found = self.__dict__.get("_info")
        if found is None:
            found = self._info = {}
        return found

    @info.setter
    def info(self, value):
        self._info = value

    @property
    def im(self):
        return self

    @property
    def palette(self):
        return self._palette()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def __eq__(self, other):
        if not isinstance(other, Image):
            return NotImplemented
        return self._same_pixels(other)

    def __hash__(self):
        return id(self)

    def __repr__(self):
        cls = self.__class__
        return f"<{cls.__module__}.{cls.__name__} image mode={self.mode} size={self.width}x{self.height} at 0x{id(self):X}>"

    def __array__(self, dtype=None, copy=None):
        array = self._to_array()
        return array if dtype is None else array.astype(dtype)

    def _repr_png_(self):
        """What a notebook shows."""
        image = self if self.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else self.convert("RGB")
        return image._encode("PNG", -1)

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def __getstate__(self):
        return [self.mode, self.size, self.tobytes()]

    # Life of files: pixels are in memory from the start.

    def load(self):
        return None

    def verify(self):
        return None

    def close(self):
        return None

    # Pixels

    def copy(self):
        return self._copy()

    def getpixel(self, xy):
        return self._getpixel(int(xy[0]), int(xy[1]))

    def putpixel(self, xy, value):
        self._putpixel(int(xy[0]), int(xy[1]), _ink(value, self.mode))

    def tobytes(self, encoder_name="raw", *args):
        if encoder_name != "raw":
            raise ValueError(f"encoder {encoder_name} not available")
        if self.mode == "1":
            # Eight pixels a byte, rows padded.
            data = self._bytes()
            out = bytearray()
            for y in range(self.height):
                row = data[y * self.width:(y + 1) * self.width]
                for start in range(0, self.width, 8):
                    byte = 0
                    for i, pixel in enumerate(row[start:start + 8]):
                        if pixel:
                            byte |= 128 >> i
                    out.append(byte)
            return bytes(out)
        return self._bytes()

    def getdata(self, band=None):
        return self._values() if band is None else self._band(band)._values()

    get_flattened_data = getdata

    def putdata(self, data, scale=1.0, offset=0.0):
        position = 0
        plain = scale == 1.0 and offset == 0.0
        for value in data:
            if not plain:
                value = value * scale + offset
            self._putpixel(position % self.width, position // self.width, _ink(value, self.mode))
            position += 1

    def getcolors(self, maxcolors=256):
        counts = {}
        for value in self._values():
            counts[value] = counts.get(value, 0) + 1
            if len(counts) > maxcolors:
                return None
        return [(counts[value], value) for value in counts]

    def getextrema(self):
        pairs = self._getextrema()
        return pairs[0] if len(pairs) == 1 else pairs

    def getbbox(self, *, alpha_only=True):
        if alpha_only and self.mode in ("LA", "RGBA"):
            return self.getchannel("A")._getbbox()
        return self._getbbox()

    def histogram(self, mask=None, extrema=None):
        return self._histogram(mask)

    def entropy(self, mask=None, extrema=None):
        from math import log2
        counts = [n for n in self._histogram(mask) if n]
        total = sum(counts)
        return -sum(n / total * log2(n / total) for n in counts)

    def getpalette(self, rawmode="RGB"):
        colors = self._palette()
        return None if colors is None else list(colors)

    def putpalette(self, data, rawmode="RGB"):
        if self.mode not in ("L", "P"):
            raise ValueError("illegal image mode")
        self._put_palette(bytes(data))

    # Bands

    def split(self):
        if len(self.getbands()) == 1:
            return (self.copy(),)
        return tuple(self._band(i) for i in range(len(self.getbands())))

    def getchannel(self, channel):
        if isinstance(channel, str):
            if channel not in self.getbands():
                raise ValueError(f'The image has no channel "{channel}"')
            channel = self.getbands().index(channel)
        return self._band(channel)

    def putalpha(self, alpha):
        """Sets the alpha band; the image must have one, since its mode cannot change in place."""
        if self.mode not in ("LA", "RGBA"):
            raise ValueError(f"putalpha needs mode LA or RGBA, not {self.mode}: convert the image first")
        if isinstance(alpha, Image):
            if alpha.mode != "L":
                alpha = alpha.convert("L")
        else:
            alpha = new("L", self.size, alpha)
        self._set_band(len(self.getbands()) - 1, alpha)

    # Geometry

    def crop(self, box=None):
        if box is None:
            return self.copy()
        if box[2] < box[0]:
            raise ValueError("Coordinate 'right' is less than 'left'")
        if box[3] < box[1]:
            raise ValueError("Coordinate 'lower' is less than 'upper'")
        left, top, right, bottom = (int(round(x)) for x in box)
        return self._crop(left, top, right, bottom)

    def transpose(self, method):
        return self._transpose(method)

    def resize(self, size, resample=None, box=None, reducing_gap=None):
        if resample is None:
            resample = Resampling.NEAREST if ";" in self.mode else Resampling.BICUBIC
        if reducing_gap is not None:
            if reducing_gap < 1.0:
                raise ValueError("reducing_gap must be 1.0 or greater")
            raise NotImplementedError("resize with reducing_gap is not supported: leave it out for the exact result")
        width, height = size
        return self._resize(int(width), int(height), resample, box)

    def thumbnail(self, size, resample=Resampling.BICUBIC, reducing_gap=2.0):
        raise NotImplementedError("an image cannot change its size in place; use ImageOps.contain(image, size), which returns the thumbnail")

    def rotate(self, angle, resample=Resampling.NEAREST, expand=False, center=None, translate=None, fillcolor=None):
        ink = None if fillcolor is None else _ink(fillcolor, self.mode)
        return self._rotate(angle, resample, bool(expand), center or None, translate or None, ink)

    def transform(self, size, method, data=None, resample=Resampling.NEAREST, fill=1, fillcolor=None):
        if hasattr(method, "getdata"):
            method, data = method.getdata()
        if data is None:
            raise ValueError("missing method data")
        ink = None if fillcolor is None else _ink(fillcolor, self.mode)
        if method == Transform.MESH:
            result = new(self.mode, size) if ink is None else _imaging.new(self.mode, size[0], size[1], ink)
            for box, quad in data:
                part = self._transform("quad", quad, box[2] - box[0], box[3] - box[1], resample, ink)
                result._paste(part, box[0], box[1])
            return result
        if method not in _KINDS:
            raise ValueError("unknown transformation method")
        return self._transform(_KINDS[method], data, size[0], size[1], resample, ink)

    # Colors and values

    def convert(self, mode=None, matrix=None, dither=None, palette=0, colors=256):
        if matrix is not None:
            return self._convert_with_matrix(mode, matrix)
        if mode is None:
            mode = "RGB" if self.mode == "P" else self.mode
        return self._convert(mode, dither is None or dither == Dither.FLOYDSTEINBERG)

    def _convert_with_matrix(self, mode, matrix):
        """RGB to "L" by four numbers, or to "RGB" by twelve."""
        if mode not in ("L", "RGB") or self.mode != "RGB":
            raise ValueError("illegal conversion")
        if len(matrix) != (4 if mode == "L" else 12):
            raise ValueError("illegal conversion")
        rows = [matrix[i:i + 4] for i in range(0, len(matrix), 4)]
        result = new(mode, self.size)
        for y in range(self.height):
            for x in range(self.width):
                r, g, b = self._getpixel(x, y)
                values = tuple(max(0, min(255, int(row[0] * r + row[1] * g + row[2] * b + row[3] + 0.5))) for row in rows)
                result._putpixel(x, y, _imaging.ink(mode, values))
        return result

    def point(self, lut, mode=None):
        if callable(lut):
            if self.mode in ("I", "F", "I;16"):
                raise ValueError("point operation not supported for this mode; convert the image to an array")
            count = len(self.getbands())
            lut = [lut(i) for i in range(256)] * count
        if mode is not None and mode != self.mode:
            if self.mode != "L":
                raise ValueError("illegal image mode")
            return self._point(bytes(max(0, min(255, int(v))) for v in lut))._convert(mode, False)
        return self._point(bytes(max(0, min(255, int(v))) for v in lut))

    def filter(self, filter):
        if isinstance(filter, type):
            filter = filter()
        if not hasattr(filter, "filter"):
            raise TypeError("filter argument should be ImageFilter.Filter instance or class")
        return filter.filter(self)

    def paste(self, im, box=None, mask=None):
        if isinstance(box, Image) and mask is None:
            mask, box = box, None
        if box is None:
            box = (0, 0)
        if not isinstance(im, Image):
            left, top = box[0], box[1]
            right, bottom = (box[2], box[3]) if len(box) == 4 else (self.width, self.height)
            if mask is not None:
                im = _imaging.new(self.mode, mask.width, mask.height, _ink(im, self.mode))
                self._paste(im, left, top, mask)
            else:
                self._fill(_ink(im, self.mode), left, top, right, bottom)
            return
        if len(box) == 4 and (box[2] - box[0], box[3] - box[1]) != im.size:
            raise ValueError("images do not match")
        if im.mode != self.mode:
            im = im.convert(self.mode)
        self._paste(im, int(box[0]), int(box[1]), mask)

    # Files

    def save(self, fp, format=None, **params):
        if format is None:
            name = os.fspath(fp) if not hasattr(fp, "write") else getattr(fp, "name", "")
            extension = os.path.splitext(name)[1].lower()
            if extension not in _FORMATS:
                raise ValueError(f"unknown file extension: {extension}")
            format = _FORMATS[extension]
        format = format.upper()
        if format == "JPG":
            format = "JPEG"
        if format not in ("PNG", "JPEG"):
            raise KeyError(format)
        if format == "PNG":
            data = self._encode("PNG", params.get("compress_level", -1))
        else:
            quality = params.get("quality", 75)
            data = self._encode("JPEG", 75 if quality in ("keep", -1) else quality)
        if hasattr(fp, "write"):
            fp.write(data)
            return
        with builtins.open(fp, "wb") as file:
            file.write(data)

    def show(self, title=None):
        """In a notebook the image appears as output; elsewhere a description is printed."""
        try:
            from IPython.display import display
        except ImportError:
            print(repr(self))
        else:
            display(self)


_imaging.declare(Image, UnidentifiedImageError)


def new(mode, size, color=0):
    """An image of one color; None leaves it black."""
    width, height = size
    return _imaging.new(mode, int(width), int(height), _ink(0 if color is None else color, mode))


def open(fp, mode="r", formats=None):
    """Reads a PNG or JPEG file, given by path or as an object with `read`."""
    if mode != "r":
        raise ValueError(f"bad mode {mode!r}")
    if hasattr(fp, "read"):
        data, name, filename = fp.read(), repr(fp), getattr(fp, "name", "")
    else:
        filename = os.fspath(fp)
        with builtins.open(filename, "rb") as file:
            data = file.read()
        name = repr(filename)
    image, format = _imaging.decode(data, name)
    image.format = format
    image.filename = filename
    return image


def frombytes(mode, size, data, decoder_name="raw", *args):
    """An image whose pixels are given, rows from the top without gaps."""
    if decoder_name != "raw":
        raise ValueError(f"decoder {decoder_name} not available")
    return _imaging.from_bytes(mode, size[0], size[1], bytes(data))


def frombuffer(mode, size, data, decoder_name="raw", *args):
    return frombytes(mode, size, data)


def fromarray(obj, mode=None):
    """An image with the values of an array of shape (height, width) or (height, width, bands)."""
    return _imaging.from_array(obj, mode)


def merge(mode, bands):
    """The image whose bands are the given gray images."""
    return _imaging.merge(mode, bands)


def blend(im1, im2, alpha):
    """im1 · (1 − alpha) + im2 · alpha."""
    return _imaging.blend(im1, im2, alpha)


def composite(image1, image2, mask):
    """image1 where the mask is white, image2 where it is black."""
    result = image2.copy()
    result.paste(image1, None, mask)
    return result


def isImageType(t):
    return isinstance(t, Image)


def getmodebase(mode):
    return "L" if mode in ("1", "L", "LA", "I", "F", "I;16", "La") else "RGB"


def getmodebands(mode):
    return _imaging.bands(mode)
