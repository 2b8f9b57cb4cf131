"""What calibration and conversion cost a trained MobileNetV2 on CIFAR-10's 10,000 test images, against the required limits.

qnb run accuracy.py DATA CHECKPOINT: the folder that holds cifar-10-batches-py, and the float weights the quick start saves. The float model
and its int8 form may differ by 0.5 points after calibration; the simulated and the integer model must agree on 98 % of the images.
"""

import os
import sys

import torch
from mobilenet import FxQATReadyMobileNetV2, prepared
from torchvision.datasets import CIFAR10

from horizon_plugin_pytorch.functional import rgb2centered_yuv
from horizon_plugin_pytorch.march import March, set_march
from horizon_plugin_pytorch.quantization import FakeQuantState, convert_fx, set_fake_quantize

BATCH = 250
CALIBRATION_IMAGES = 5000


def batches(folder, train, count):
    dataset = CIFAR10(folder, train)
    for start in range(0, count, BATCH):
        images = torch.from_numpy(dataset.data[start : start + BATCH]).permute(0, 3, 1, 2)
        yield rgb2centered_yuv(images).float() / 128, torch.tensor(dataset.targets[start : start + BATCH])


def predictions(model, folder):
    """The class of every test image, and the accuracy in percent."""
    model.eval()
    found, hits = [], 0
    with torch.no_grad():
        for images, labels in batches(folder, False, 10000):
            classes = model(images).argmax(1)
            hits += (classes == labels).sum().item()
            found.append(classes)
    return torch.cat(found), hits / 100


def main():
    folder, checkpoint = sys.argv[1:3]
    if not os.path.isdir(os.path.join(folder, "cifar-10-batches-py")):
        print("skipped: no cifar-10-batches-py in", folder)
        return
    set_march(March.BAYES)
    float_model = FxQATReadyMobileNetV2()
    float_model.load_state_dict(torch.load(checkpoint))
    simulated = prepared(float_model, calibrates=True)
    simulated.eval()
    set_fake_quantize(simulated, FakeQuantState.CALIBRATION)
    with torch.no_grad():
        for images, _ in batches(folder, True, CALIBRATION_IMAGES):
            simulated(images)
    simulated.eval()
    set_fake_quantize(simulated, FakeQuantState.VALIDATION)

    _, float_accuracy = predictions(float_model, folder)
    simulated_classes, simulated_accuracy = predictions(simulated, folder)
    integer_classes, integer_accuracy = predictions(convert_fx(simulated), folder)
    agreement = (simulated_classes == integer_classes).sum().item() / 100
    print("float {:.2f} %, simulated {:.2f} %, int8 {:.2f} %".format(float_accuracy, simulated_accuracy, integer_accuracy))
    print("simulated and int8 agree on {:.2f} % of 10,000 images (at least 98)".format(agreement))
    print("int8 loses {:.2f} points to float (at most 0.5)".format(float_accuracy - integer_accuracy))
    sys.exit(0 if agreement >= 98 and float_accuracy - integer_accuracy <= 0.5 else 1)


main()
