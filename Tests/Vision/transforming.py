"""torchvision.transforms: reprs, values, order of random numbers, refusals."""

import hashlib

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image

i = np.arange(24 * 36 * 3, dtype=np.int64)
array = ((i * 2654435761 % 4294967296) // 65536 % 128 + i % 90).astype(np.uint8).reshape(24, 36, 3)
image = Image.fromarray(array)


def digest(x):
    content = x.contiguous().numpy().tobytes() if isinstance(x, torch.Tensor) else x.tobytes()
    return hashlib.md5(content).hexdigest()


chains = [
    T.RandomHorizontalFlip(), T.RandomVerticalFlip(p=0.2), T.RandomCrop(20), T.RandomCrop((30, 30), padding=(2, 8), padding_mode="symmetric"),
    T.RandomCrop(48, pad_if_needed=True, fill=7), T.RandomResizedCrop(16), T.RandomResizedCrop((10, 20), interpolation=T.InterpolationMode.BICUBIC),
    T.ColorJitter(0.5, (0.5, 0.9), 0.2, 0.1), T.ColorJitter(hue=0.3), T.RandomRotation(40), T.RandomRotation((5, 60), fill=(1, 2, 3), expand=True),
    T.RandomAffine(15, translate=(0.1, 0.3), scale=(0.7, 1.2), shear=8), T.RandomAffine(0, shear=(-3, 3, -9, 9), interpolation=T.InterpolationMode.BILINEAR),
    T.RandomPerspective(p=1.0), T.RandomGrayscale(0.6), T.RandAugment(), T.RandAugment(3, 14, 20, T.InterpolationMode.BILINEAR, [4, 5, 6]),
    T.AutoAugment(), T.AutoAugment(T.AutoAugmentPolicy.SVHN), T.TrivialAugmentWide(), T.TrivialAugmentWide(15, fill=9),
    T.RandomInvert(), T.RandomPosterize(3), T.RandomSolarize(99.5), T.RandomAdjustSharpness(2.5), T.RandomAutocontrast(), T.RandomEqualize(),
    T.Resize(17), T.Resize((20, 11), T.InterpolationMode.LANCZOS), T.Resize(20, max_size=25), T.CenterCrop(18), T.CenterCrop((50, 12)),
    T.Pad(3), T.Pad((1, 2, 3, 4), fill=(9, 8, 7)), T.Pad(5, padding_mode="reflect"), T.Grayscale(), T.Grayscale(3),
    T.RandomApply([T.ColorJitter(0.4), T.RandomHorizontalFlip()], p=0.6), T.Lambda(lambda x: x.rotate(5)),
    T.RandomChoice([T.RandomHorizontalFlip(1.0), T.RandomVerticalFlip(1.0)]), T.RandomOrder([T.RandomRotation(30), T.RandomInvert(0.5)]),
]
for chain in chains:
    torch.manual_seed(11)
    __import__("random").seed(11)
    print(repr(chain), [digest(chain(image)) for _ in range(4)], round(torch.rand(1).item(), 6))

print(digest(T.ToTensor()(image)), T.ToTensor()(image).dtype, digest(T.ToTensor()(array)), digest(T.PILToTensor()(image)))
tensor = T.ToTensor()(image)
whole = T.PILToTensor()(image)
print(digest(T.Normalize((0.5, 0.4, 0.3), (0.2, 0.3, 0.4))(tensor)), T.Normalize(mean=0.0, std=128.0))
print(digest(T.Normalize(mean=0.0, std=128.0)(whole.float())))
print(digest(T.ToPILImage()(whole)), digest(T.ToPILImage()(tensor)), T.ToPILImage()(tensor[:1]).mode)
for dtype in (torch.float64, torch.int32, torch.int16, torch.int64):
    print(dtype, round(T.ConvertImageDtype(dtype)(whole).sum().item(), 9))
print(T.ConvertImageDtype(torch.uint8)(tensor).sum().item())
for name in ("hflip", "vflip", "invert"):
    print(name, digest(getattr(F, name)(whole)), digest(getattr(F, name)(image)))
print(digest(F.crop(whole, -2, 3, 20, 40)), digest(F.center_crop(whole, [10, 50])), digest(F.pad(whole, [1, 2, 3, 4], fill=5)))
print(digest(F.pad(whole, [2, 3], padding_mode="symmetric")), digest(F.pad(whole, [2, 3], padding_mode="reflect")), digest(F.pad(whole, 2, padding_mode="edge")))
print(digest(F.posterize(whole, 3)), digest(F.solarize(whole, 100)), digest(F.adjust_brightness(whole, 1.3)), digest(F.adjust_saturation(whole, 0.4)))
print(digest(F.rgb_to_grayscale(whole)), digest(F.adjust_gamma(image, 0.7)), digest(F.autocontrast(whole)))
print(digest(F.affine(image, 20, [3, -4], 1.2, [5, 0])), digest(F.rotate(image, 14, center=[2, 3])))
print(digest(F.perspective(image, [[0, 0], [35, 0], [35, 23], [0, 23]], [[3, 2], [30, 1], [33, 20], [1, 22]])))
print([digest(x) for x in F.five_crop(image, [8, 9])], len(T.TenCrop(6)(image)))
print(F.get_dimensions(image), F.get_dimensions(whole), F.get_image_size(image))
for erasing in (T.RandomErasing(p=1.0), T.RandomErasing(p=0.5, value=(0.1, 0.2, 0.3)), T.RandomErasing(p=1.0, value="random")):
    torch.manual_seed(2)
    print(erasing, [digest(erasing(tensor)) for _ in range(3)])
print(T.Compose([T.Resize(8), T.ToTensor()]))


def refused(action):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)


refused(lambda: T.RandomCrop(100)(image))
refused(lambda: T.ColorJitter(-1))
refused(lambda: T.ColorJitter(hue=0.7))
refused(lambda: T.ToTensor()("x"))
refused(lambda: T.Normalize([0.5], [0.5])(whole))
refused(lambda: T.Normalize([0.5], [0.0])(tensor))
refused(lambda: T.Pad((1, 2, 3)))
refused(lambda: T.Pad(1, padding_mode="wrap"))
refused(lambda: T.RandomRotation(-1))
refused(lambda: T.RandomErasing(value="x"))
refused(lambda: T.Lambda(3))
refused(lambda: F.affine(image, 0, [1], 1.0, [0.0, 0.0]))
refused(lambda: F.adjust_hue(image, 0.6))
