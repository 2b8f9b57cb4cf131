"""Datasets of images."""

from .vision import VisionDataset
from .cifar import CIFAR10, CIFAR100
from .fakedata import FakeData
from .folder import DatasetFolder, ImageFolder
from .mnist import FashionMNIST, KMNIST, MNIST
