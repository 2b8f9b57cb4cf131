"""MNIST and the datasets in its format."""

import os

from PIL import Image

import _data_loading
import _vision_datasets
from .utils import check_integrity, download_url
from .vision import VisionDataset


class MNIST(VisionDataset):
    """70,000 gray images of 28x28 pixels in 10 classes; `train` chooses 60,000 or the other 10,000."""

    mirrors = ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ]
    classes = [
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine",
    ]
    # Folders outside the root where a system package may have put the files.
    _system_folders = []

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        if download:
            self.download()
        if not self._check_exists():
            raise RuntimeError("Dataset not found. You can use download=True to download it"
                               f" (files {', '.join(name for name, _ in self.resources)} in {self.raw_folder})")
        self.data, self.targets = self._load_data()

    def _find(self, name):
        """The path of a file, packed or not, or None."""
        for folder in [self.raw_folder] + self._system_folders:
            for candidate in (name, os.path.splitext(name)[0]):
                path = os.path.join(folder, candidate)
                if os.path.isfile(path):
                    return path
        return None

    def _load_data(self):
        prefix = "train" if self.train else "t10k"
        image_path = self._find(f"{prefix}-images-idx3-ubyte.gz")
        label_path = self._find(f"{prefix}-labels-idx1-ubyte.gz")
        images = _vision_datasets.idx(image_path)
        labels = _vision_datasets.idx(label_path)
        if images.ndim != 3:
            raise ValueError(f"{image_path} holds no images: its array has {images.ndim} dimensions")
        if labels.ndim != 1 or len(labels) != len(images):
            raise ValueError(f"{label_path} does not fit {image_path}: {len(labels)} labels for {len(images)} images")
        return images, labels.long()

    def __getitem__(self, index):
        img, target = self.data[index], int(self.targets[index])
        img = Image.fromarray(img.numpy(), mode="L")
        if self.transform is not None:
            img = self.transform(img)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return img, target

    def __len__(self):
        return len(self.data)

    def _native_source(self):
        if type(self).__getitem__ is not MNIST.__getitem__:
            return None
        images = _data_loading.stack(self.data)
        return None if images is None else (images, self.targets.tolist())

    @property
    def raw_folder(self):
        return os.path.join(self.root, self.__class__.__name__, "raw")

    @property
    def processed_folder(self):
        return os.path.join(self.root, self.__class__.__name__, "processed")

    @property
    def class_to_idx(self):
        return {name: i for i, name in enumerate(self.classes)}

    def _check_exists(self):
        return all(self._find(name) is not None for name, _ in self.resources)

    def download(self):
        if self._check_exists():
            return
        for name, md5 in self.resources:
            errors = []
            for mirror in self.mirrors:
                try:
                    download_url(mirror + name, self.raw_folder, name, md5)
                    break
                except RuntimeError as error:
                    errors.append(error)
            else:
                raise errors[-1]

    def extra_repr(self):
        return f"Split: {'Train' if self.train is True else 'Test'}"


class FashionMNIST(MNIST):
    """Clothes instead of digits."""

    mirrors = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ]
    classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    _system_folders = ["/usr/share/datasets/fashion-mnist", "/usr/share/dataset-fashion-mnist"]


class KMNIST(MNIST):
    """Cursive Japanese characters instead of digits."""

    mirrors = ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "bdb82020997e1d708af4cf47b453dcf7"),
        ("train-labels-idx1-ubyte.gz", "e144d726b3acfaa3e44228e80efcd344"),
        ("t10k-images-idx3-ubyte.gz", "5c965bf0a639b31b8f53240b1b52f4d7"),
        ("t10k-labels-idx1-ubyte.gz", "7320c461ea6c1c855c0b718fb2a4b134"),
    ]
    classes = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
