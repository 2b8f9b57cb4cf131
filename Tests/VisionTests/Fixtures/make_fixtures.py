"""Records what Pillow and torchvision make of generated images: one line for each operation, with the MD5 of the pixels.

Run with Pillow, torchvision and torch installed: python make_fixtures.py > operations.txt
"""

import hashlib

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from torchvision.transforms.autoaugment import _apply_op

SIZES = {"1": 1, "L": 1, "P": 1, "LA": 2, "RGB": 3, "YCbCr": 3, "HSV": 3, "RGBA": 4, "CMYK": 4, "I": 4, "F": 4, "I;16": 2}


def generated(kind, mode, width, height):
    """The same image as the tests make: a linear congruential generator, or a gradient with a little of it."""
    state, out = 12345, bytearray()
    size = SIZES[mode]
    for i in range(width * height * (1 if mode in ("I", "F", "I;16") else size)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise = state >> 24
        if kind == "noise":
            value = noise
        elif kind == "narrow":
            value = 60 + noise // 3
        else:
            x, y = i // size % width, i // size // width
            value = (x * 5 + y * 3 + (i % size) * 40 + noise // 16) & 255
        out.append(value)
    if mode == "1":
        return Image.fromarray(np.frombuffer(bytes(out), np.uint8).reshape(height, width) > 127)
    if mode == "I":
        return Image.fromarray((np.frombuffer(bytes(out), np.uint8).astype(np.int32) * 300 - 20000).reshape(height, width))
    if mode == "F":
        return Image.fromarray((np.frombuffer(bytes(out), np.uint8).astype(np.float32) * 1.5 - 40).reshape(height, width))
    if mode == "I;16":
        return Image.fromarray((np.frombuffer(bytes(out), np.uint8).astype(np.uint16) * 200).reshape(height, width))
    return Image.frombytes(mode, (width, height), bytes(out))


def content(image):
    if image.mode == "1":
        return bytes(np.asarray(image).astype(np.uint8) * 255)
    return image.tobytes()


def record(name, kind, mode, width, height, arguments, result):
    digest = hashlib.md5(content(result)).hexdigest()
    print(name, kind, mode, width, height, ",".join(str(a) for a in arguments) or "-", result.mode, *result.size, digest)


def operations():
    for kind, mode, w, h in [("noise", "RGB", 32, 32), ("smooth", "RGB", 41, 23), ("narrow", "L", 19, 30)]:
        image = generated(kind, mode, w, h)
        for method in Image.Transpose:
            record("transpose", kind, mode, w, h, [int(method)], image.transpose(method))
        for box in [(3, 2, 17, 15), (-4, -3, w + 5, h + 2), (5, 5, 5, 9)]:
            record("crop", kind, mode, w, h, box, image.crop(box))
        for bits in range(1, 9):
            record("posterize", kind, mode, w, h, [bits], ImageOps.posterize(image, bits))
        for threshold in (0, 100.5, 128, 255, 256):
            record("solarize", kind, mode, w, h, [threshold], ImageOps.solarize(image, threshold))
        record("invert", kind, mode, w, h, [], ImageOps.invert(image))
        record("autocontrast", kind, mode, w, h, [], ImageOps.autocontrast(image))
        record("equalize", kind, mode, w, h, [], ImageOps.equalize(image))
        for factor in (0.0, 0.1, 0.37, 0.5, 1.0, 1.27, 1.9, 3.3):
            record("brightness", kind, mode, w, h, [factor], ImageEnhance.Brightness(image).enhance(factor))
            record("contrast", kind, mode, w, h, [factor], ImageEnhance.Contrast(image).enhance(factor))
            record("color", kind, mode, w, h, [factor], ImageEnhance.Color(image).enhance(factor))
            record("sharpness", kind, mode, w, h, [factor], ImageEnhance.Sharpness(image).enhance(factor))
        kernel = ImageFilter.Kernel((5, 5), [1, 0, -1, 2, 3, 0, 1, 4, -2, 1, 1, 1, 1, 9, 1, 0, 2, -3, 1, 1, 2, 1, 0, 1, 1], 20, 3)
        record("kernel5", kind, mode, w, h, [], image.filter(kernel))
        for hue in (-0.5, -0.2, 0.1, 0.33, 0.5):
            record("hue", kind, mode, w, h, [hue], F.adjust_hue(image, hue))

    for kind, mode, w, h in [("noise", "RGB", 32, 32), ("smooth", "RGB", 41, 23), ("narrow", "L", 19, 30), ("smooth", "RGBA", 20, 17),
                             ("smooth", "LA", 13, 21), ("noise", "I", 16, 11), ("noise", "F", 16, 11), ("noise", "1", 16, 11)]:
        image = generated(kind, mode, w, h)
        for filter in (0, 1, 2, 3, 4, 5):
            for size in [(7, 9), (64, 50), (w, 40), (40, h), (1, 1)]:
                record("resize", kind, mode, w, h, [*size, filter], image.resize(size, filter))
            box = (1.3, 2.5, 10.7, 9.2)
            record("resizebox", kind, mode, w, h, [12, 5, filter, *box], image.resize((12, 5), filter, box))
        for filter in (0, 2, 3):
            matrix = (0.9, 0.31, -2.5, -0.27, 1.1, 3.25)
            record("affine", kind, mode, w, h, [w, h, filter, *matrix], image.transform((w, h), Image.Transform.AFFINE, matrix, filter))
            scale = (0.6, 0, 1.5, 0, 1.7, -2)
            record("affine", kind, mode, w, h, [w, h, filter, *scale], image.transform((w, h), Image.Transform.AFFINE, scale, filter))
            far = (9000.5, 0.5, 2, 0.25, 8000, 1)
            record("affine", kind, mode, w, h, [w, h, filter, *far], image.transform((w, h), Image.Transform.AFFINE, far, filter))
            data = (0.9, 0.31, -2.5, -0.27, 1.1, 3.25, 0.01, -0.004)
            record("perspective", kind, mode, w, h, [w, h, filter, *data], image.transform((w, h), Image.Transform.PERSPECTIVE, data, filter))
            corners = (1, 2, 0, h - 3, w - 2, h, w - 1, -2)
            record("quad", kind, mode, w, h, [w, h, filter, *corners], image.transform((w, h), Image.Transform.QUAD, corners, filter))
            for angle in (0, 17, 90, 180, -31.25, 270, 405.5):
                for expand in (0, 1):
                    record("rotate", kind, mode, w, h, [angle, filter, expand], image.rotate(angle, filter, bool(expand)))

    modes = ["1", "L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
    for mode in modes:
        image = generated("noise", mode, 64, 48)
        for target in modes:
            record("convert", "noise", mode, 64, 48, [target], image.convert(target))


def augmentations():
    """Every RandAugment, AutoAugment and TrivialAugmentWide operation over all magnitudes and both signs."""
    for kind, mode, w, h in [("noise", "RGB", 32, 32), ("smooth", "RGB", 40, 28), ("narrow", "L", 28, 28)]:
        image = generated(kind, mode, w, h)
        spaces = [("rand", T.RandAugment()._augmentation_space(31, (h, w))), ("trivial", T.TrivialAugmentWide()._augmentation_space(31)),
                  ("auto", T.AutoAugment()._augmentation_space(10, (h, w)))]
        for label, space in spaces:
            for name, (magnitudes, signed) in space.items():
                levels = magnitudes.tolist() if magnitudes.ndim else [0.0]
                digest = hashlib.md5()
                for level in levels:
                    for sign in (1, -1) if signed else (1,):
                        for interpolation in (T.InterpolationMode.NEAREST, T.InterpolationMode.BILINEAR):
                            result = _apply_op(image, name, float(level) * sign, interpolation, None if sign > 0 else [9.0] * len(mode))
                            digest.update(result.tobytes())
                print("space", kind, mode, w, h, f"{label},{name}", mode, w, h, digest.hexdigest())


def random_transforms():
    """Chains on one generator: 64 images in a row, so that a wrong draw anywhere shows."""
    chains = {
        "flip+rand": T.Compose([T.RandomHorizontalFlip(), T.RandAugment()]),
        "vflip": T.RandomVerticalFlip(0.3),
        "auto-imagenet": T.AutoAugment(),
        "auto-cifar10": T.AutoAugment(T.AutoAugmentPolicy.CIFAR10),
        "auto-svhn": T.AutoAugment(T.AutoAugmentPolicy.SVHN, T.InterpolationMode.BILINEAR, [1, 2, 3]),
        "trivial": T.TrivialAugmentWide(),
        "crop": T.RandomCrop(32, padding=4),
        "crop-reflect": T.RandomCrop((20, 50), padding=(3, 5), pad_if_needed=True, padding_mode="reflect"),
        "jitter": T.ColorJitter(0.4, 0.3, 0.5, 0.2),
        "rotation": T.RandomRotation(25, expand=False, fill=7),
        "rotation-expand": T.RandomRotation((10, 80), T.InterpolationMode.BILINEAR, expand=True),
        "affine": T.RandomAffine(20, (0.1, 0.2), (0.8, 1.3), (-5, 5, -10, 10)),
        "perspective": T.RandomPerspective(0.5, 0.8),
        "resized-crop": T.RandomResizedCrop(24),
        "resized-crop-bicubic": T.RandomResizedCrop((18, 30), (0.3, 0.9), (0.5, 2.0), T.InterpolationMode.BICUBIC),
        "gray": T.RandomGrayscale(0.5),
        "apply": T.RandomApply([T.RandomHorizontalFlip(0.5), T.ColorJitter(0.5)], 0.4),
        "center": T.Compose([T.Resize(20), T.CenterCrop((24, 18))]),
    }
    for name, chain in chains.items():
        torch.manual_seed(0)
        digest = hashlib.md5()
        size = None
        for i in range(64):
            image = generated(["noise", "smooth", "narrow"][i % 3], "RGB", 32 + i % 5, 32 + i % 3)
            result = chain(image)
            digest.update(result.tobytes())
            size = result.size
        print("chain", "-", "RGB", 0, 0, name, "RGB", *size, digest.hexdigest())


operations()
augmentations()
random_transforms()
