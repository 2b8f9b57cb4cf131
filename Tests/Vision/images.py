"""PIL.Image, ImageOps, ImageEnhance, ImageFilter, ImageStat: interface and values."""

import hashlib
import io

import numpy as np
from PIL import Image, ImageColor, ImageEnhance, ImageFilter, ImageOps, ImageStat


def digest(image):
    return image.mode, image.size, hashlib.md5(image.tobytes()).hexdigest()


i = np.arange(20 * 30 * 3, dtype=np.int64)
array = ((i * 2654435761 % 4294967296) // 65536 % 128 + i % 90).astype(np.uint8).reshape(20, 30, 3)
image = Image.fromarray(array)
gray = image.convert("L")
print(image.mode, image.size, image.width, image.height, image.getbands(), image.getpixel((3, 4)), gray.getpixel((-1, -1)))
print(np.array(image).shape, np.asarray(gray).dtype, (np.array(image) == array).all())
for size in [(10, 10), (60, 45)]:
    for filter in (Image.NEAREST, Image.BILINEAR, Image.BICUBIC, Image.LANCZOS, Image.BOX, Image.HAMMING):
        print(digest(image.resize(size, filter)))
print(digest(image.resize((7, 7))), digest(image.rotate(33, Image.BICUBIC, expand=True, fillcolor=(9, 8, 7))))
print(digest(image.rotate(10, center=(0, 0), translate=(3, -2), fillcolor="red")))
print(digest(image.transform((25, 25), Image.AFFINE, (1, 0.2, -3, 0.1, 0.9, 2), Image.BILINEAR)))
print(digest(image.transform((25, 25), Image.EXTENT, (2, 3, 20, 15))))
print(digest(image.transform((25, 25), Image.QUAD, (0, 0, 2, 18, 28, 19, 29, 1), Image.BICUBIC)))
print(digest(image.transpose(Image.ROTATE_90)), digest(image.crop((-3, 2, 12, 25))))
for mode in ("1", "L", "LA", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F"):
    print(digest(image.convert(mode)))
for operation in (ImageOps.invert, ImageOps.autocontrast, ImageOps.equalize, ImageOps.grayscale, ImageOps.mirror, ImageOps.flip):
    print(operation.__name__, digest(operation(image)))
print(digest(ImageOps.posterize(image, 3)), digest(ImageOps.solarize(image, 100)), digest(ImageOps.expand(image, 4, fill=(1, 2, 3))))
print(digest(ImageOps.autocontrast(image, cutoff=5)), digest(ImageOps.autocontrast(image, cutoff=(2, 9), ignore=0)))
print(digest(ImageOps.fit(image, (12, 12))), digest(ImageOps.pad(image, (40, 40), color="blue")), digest(ImageOps.contain(image, (9, 9))))
for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color, ImageEnhance.Sharpness):
    print(enhance.__name__, digest(enhance(image).enhance(1.4)), digest(enhance(gray).enhance(0.3)))
for filter in (ImageFilter.BLUR, ImageFilter.SHARPEN, ImageFilter.EDGE_ENHANCE, ImageFilter.EMBOSS, ImageFilter.CONTOUR,
               ImageFilter.SMOOTH_MORE, ImageFilter.DETAIL, ImageFilter.FIND_EDGES):
    print(filter.__name__, digest(image.filter(filter)), digest(gray.filter(filter())))
print(digest(image.filter(ImageFilter.Kernel((3, 3), [0, 1, 0, 1, 2, 1, 0, 1, 0], offset=2))))
r, g, b = image.split()
print(digest(Image.merge("RGB", (b, g, r))), digest(image.getchannel("G")), digest(Image.blend(image, image.transpose(0), 0.3)))
print(digest(image.point(lambda v: v // 2)), digest(gray.point([255 - v for v in range(256)])), sum(gray.histogram()), image.histogram()[:5])
print(gray.getextrema(), image.getextrema(), gray.getbbox(), Image.new("L", (5, 5)).getbbox())
canvas = Image.new("RGB", (40, 30), "#102030")
canvas.paste(image, (5, 5))
canvas.paste((255, 0, 0), (0, 0, 8, 8))
canvas.paste(image.crop((0, 0, 10, 10)), (28, 2), gray.crop((0, 0, 10, 10)))
canvas.putpixel((39, 29), (1, 2, 3))
print(digest(canvas), digest(Image.composite(image, image.transpose(1), gray)))
stat = ImageStat.Stat(image)
print([round(v, 4) for v in stat.mean], [round(v, 4) for v in stat.stddev], stat.median, stat.extrema)
print(ImageColor.getrgb("#fa0"), ImageColor.getrgb("teal"), ImageColor.getcolor("red", "L"), ImageColor.getrgb("rgb(1,2,3)"))
for mode in ("1", "L", "LA", "RGB", "RGBA", "I;16"):
    stream = io.BytesIO()
    source = image.convert("I").convert("I;16") if mode == "I;16" else image.convert(mode)
    source.save(stream, "PNG")
    stream.seek(0)
    back = Image.open(stream)
    print(back.format, digest(back), back.tobytes() == source.tobytes())
stream = io.BytesIO()
image.save(stream, "JPEG", quality=95)
back = Image.open(io.BytesIO(stream.getvalue()))
print(back.format, back.mode, back.size, np.abs(np.asarray(back).astype(int) - array).max() < 100)
print(image == image.copy(), image == gray, image != gray)
print(Image.new("RGB", (2, 2), 5).getpixel((0, 0)), Image.new("RGBA", (1, 1), (1, 2, 3)).getpixel((0, 0)), Image.new("F", (1, 1), 1.5).getpixel((0, 0)))


def refused(action):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)


refused(lambda: image.crop((5, 5, 4, 9)))
refused(lambda: image.getpixel((30, 0)))
refused(lambda: image.getchannel("A"))
refused(lambda: image.resize((0, 5)))
refused(lambda: ImageOps.posterize(image, 9))
refused(lambda: ImageOps.invert(image.convert("CMYK")))
refused(lambda: Image.merge("RGB", (r, g)))
refused(lambda: image.save("/tmp/picture.xyz"))
refused(lambda: Image.open("/nonexistent/picture.png"))
refused(lambda: Image.blend(image, gray, 0.5))
