"""What quantization costs a trained MobileNetV2 on CIFAR-10's 10,000 test images, against the required limits.

qnb run accuracy.py DATA CHECKPOINT...: the folder that holds cifar-10-batches-py, and what the quick start saves: float weights, which are
calibrated here, or the state of a calibrated or trained prepared model, which is taken as it is. The simulated and the integer model must agree
on 98 % of the images; after calibration the integer model may lose 0.5 points to the float one.
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


def calibrated(float_model, folder):
    model = prepared(float_model, calibrates=True)
    model.eval()
    set_fake_quantize(model, FakeQuantState.CALIBRATION)
    with torch.no_grad():
        for images, _ in batches(folder, True, CALIBRATION_IMAGES):
            model(images)
    return model


def measure(checkpoint, folder):
    """Prints the figures of one checkpoint and returns whether they are within the limits."""
    state = torch.load(checkpoint)
    float_accuracy = None
    if any(".weight_fake_quant." in key for key in state):
        simulated = prepared(FxQATReadyMobileNetV2(), calibrates=False)
        simulated.load_state_dict(state)
    else:
        float_model = FxQATReadyMobileNetV2()
        float_model.load_state_dict(state)
        _, float_accuracy = predictions(float_model, folder)
        simulated = calibrated(float_model, folder)
    simulated.eval()
    set_fake_quantize(simulated, FakeQuantState.VALIDATION)
    simulated_classes, simulated_accuracy = predictions(simulated, folder)
    integer_classes, integer_accuracy = predictions(convert_fx(simulated), folder)
    agreement = (simulated_classes == integer_classes).sum().item() / 100
    print(os.path.basename(checkpoint))
    print("  simulated {:.2f} %, int8 {:.2f} %".format(simulated_accuracy, integer_accuracy))
    print("  simulated and int8 agree on {:.2f} % of 10,000 images (at least 98)".format(agreement))
    if float_accuracy is None:
        return agreement >= 98
    print("  int8 loses {:.2f} points to the float model's {:.2f} % (at most 0.5)".format(float_accuracy - integer_accuracy, float_accuracy))
    return agreement >= 98 and float_accuracy - integer_accuracy <= 0.5


def main():
    folder, checkpoints = sys.argv[1], sys.argv[2:]
    if not os.path.isdir(os.path.join(folder, "cifar-10-batches-py")):
        print("skipped: no cifar-10-batches-py in", folder)
        return
    set_march(March.BAYES)
    sys.exit(0 if all([measure(checkpoint, folder) for checkpoint in checkpoints]) else 1)


main()
