"""Images in folders named after their classes."""

import os

from PIL import Image

import _data_loading
import _imaging
from .vision import VisionDataset

IMG_EXTENSIONS = (".jpg", ".jpeg", ".png")


def has_file_allowed_extension(filename, extensions):
    return filename.lower().endswith(extensions if isinstance(extensions, str) else tuple(extensions))


def is_image_file(filename):
    return has_file_allowed_extension(filename, IMG_EXTENSIONS)


def find_classes(directory):
    """The names of the folders in a directory, and their numbers."""
    classes = sorted(entry for entry in os.listdir(directory) if os.path.isdir(os.path.join(directory, entry)))
    if not classes:
        raise FileNotFoundError(f"Couldn't find any class folder in {directory}.")
    return classes, {name: i for i, name in enumerate(classes)}


def _files(folder):
    """All files below a folder, in torchvision's order."""
    found = []
    for root, _, names in sorted(os.walk(folder, followlinks=True)):
        for name in sorted(names):
            found.append(os.path.join(root, name))
    return found


def make_dataset(directory, class_to_idx=None, extensions=None, is_valid_file=None, allow_empty=False):
    """(path, class number) for every file of every class."""
    directory = os.path.expanduser(directory)
    if class_to_idx is None:
        _, class_to_idx = find_classes(directory)
    elif not class_to_idx:
        raise ValueError("'class_to_index' must have at least one entry to collect any samples.")
    if (extensions is None) == (is_valid_file is None):
        raise ValueError("Both extensions and is_valid_file cannot be None or not None at the same time")
    samples, empty = [], []
    for name in sorted(class_to_idx):
        folder = os.path.join(directory, name)
        paths = _files(folder) if os.path.isdir(folder) else []
        if extensions is not None:
            paths = [path for path in paths if has_file_allowed_extension(path, extensions)]
        else:
            paths = [path for path in paths if is_valid_file(path)]
        if not paths:
            empty.append(name)
        samples += [(path, class_to_idx[name]) for path in paths]
    if empty and not allow_empty:
        message = f"Found no valid file for the classes {', '.join(sorted(empty))}. "
        if extensions is not None:
            message += f"Supported extensions are: {extensions if isinstance(extensions, str) else ', '.join(extensions)}"
        raise FileNotFoundError(message)
    return samples


def pil_loader(path):
    """The image in a file, in RGB."""
    return _imaging.decode_file(os.fspath(path), "RGB")


default_loader = pil_loader


class DatasetFolder(VisionDataset):
    """Files in folders, read by a function of the user's."""

    def __init__(self, root, loader, extensions=None, transform=None, target_transform=None, is_valid_file=None, allow_empty=False):
        super().__init__(root, transform=transform, target_transform=target_transform)
        classes, class_to_idx = self.find_classes(self.root)
        samples = self.make_dataset(
            self.root, class_to_idx=class_to_idx, extensions=extensions, is_valid_file=is_valid_file, allow_empty=allow_empty)
        self.loader = loader
        self.extensions = extensions
        self.classes = classes
        self.class_to_idx = class_to_idx
        self.samples = samples
        self.targets = [target for _, target in samples]

    @staticmethod
    def make_dataset(directory, class_to_idx, extensions=None, is_valid_file=None, allow_empty=False):
        if class_to_idx is None:
            raise ValueError("The class_to_idx parameter cannot be None.")
        return make_dataset(directory, class_to_idx, extensions=extensions, is_valid_file=is_valid_file, allow_empty=allow_empty)

    def find_classes(self, directory):
        return find_classes(directory)

    def __getitem__(self, index):
        path, target = self.samples[index]
        sample = self.loader(path)
        if self.transform is not None:
            sample = self.transform(sample)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return sample, target

    def __len__(self):
        return len(self.samples)

    def _native_source(self):
        if type(self).__getitem__ is not DatasetFolder.__getitem__ or self.loader is not pil_loader:
            return None
        return _data_loading.files([path for path, _ in self.samples], "RGB"), [target for _, target in self.samples]


class ImageFolder(DatasetFolder):
    """PNG and JPEG files in folders named after their classes."""

    def __init__(self, root, transform=None, target_transform=None, loader=default_loader, is_valid_file=None, allow_empty=False):
        super().__init__(
            root, loader, IMG_EXTENSIONS if is_valid_file is None else None, transform=transform, target_transform=target_transform,
            is_valid_file=is_valid_file, allow_empty=allow_empty)
        self.imgs = self.samples
