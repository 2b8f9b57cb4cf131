# The documented loaders over CIFAR-10; `QNB_DATA` is the folder that holds cifar-10-batches-py.
import os

import documented
from torchvision.datasets import CIFAR10

folder = os.environ["QNB_DATA"]
documented.report(CIFAR10(folder, True, documented.augmentation), CIFAR10(folder, False))
documented.operations(CIFAR10(folder, False))
