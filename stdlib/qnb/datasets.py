"""Datasets that need no files."""

from PIL import Image
from torchvision.datasets.vision import VisionDataset

import _data_loading
import _vision_datasets

_drawn = {}


class Shapes10(VisionDataset):
    """Drawn shapes in CIFAR-10's format: 10 classes, 32x32 pixels in color, 10,000 images to train and 2,000 to test.

    The same on every machine. A linear model does not learn it; a small convolutional network does.
    """

    def __init__(self, root=None, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        key = bool(train)
        if key not in _drawn:
            _drawn[key] = _vision_datasets.shapes10(key)
        self.data, targets = _drawn[key]
        self.targets = list(targets)
        self.classes = list(_vision_datasets.shapes10_classes)
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index):
        img, target = self.data[index], self.targets[index]
        img = Image.fromarray(img)
        if self.transform is not None:
            img = self.transform(img)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return img, target

    def __len__(self):
        return len(self.data)

    def _native_source(self):
        if type(self).__getitem__ is not Shapes10.__getitem__:
            return None
        images = _data_loading.stack(self.data)
        return None if images is None else (images, self.targets)

    def extra_repr(self):
        return f"Split: {'Train' if self.train is True else 'Test'}"
