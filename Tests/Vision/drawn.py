"""`qnb.datasets.Shapes10`; while expectations are recorded with PyTorch, the same images from the file that `SHAPES10` names.

    qnb run drawn.py FILE.npz     # writes that file
"""

import os
import sys

import numpy as np

try:
    from qnb.datasets import Shapes10
except ImportError:
    from torchvision.datasets import CIFAR10
    from torchvision.datasets.vision import VisionDataset

    class Shapes10(CIFAR10):
        def __init__(self, root, train, transform=None):
            VisionDataset.__init__(self, root, transform=transform)
            self.train = train
            file = np.load(os.environ["SHAPES10"])
            part = "train" if train else "test"
            self.data, self.targets = file[part], file[part + "_labels"].tolist()


if __name__ == "__main__":
    train, test = Shapes10(train=True), Shapes10(train=False)
    np.savez(sys.argv[1], train=train.data, train_labels=np.array(train.targets), test=test.data, test_labels=np.array(test.targets))
