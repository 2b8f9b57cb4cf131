"""Networks: names and order of parameters, the same initial weights, the same outputs."""

import hashlib

import torch
from torchvision.models import mobilenet_v2, mobilenet_v3_large, mobilenet_v3_small, resnet18, resnet34, resnet50, vgg11_bn
from torchvision.models.mobilenetv2 import MobileNetV2


def names(model):
    text = "\n".join(f"{name} {tuple(value.shape)}" for name, value in model.state_dict().items())
    return hashlib.md5(text.encode()).hexdigest(), sum(p.numel() for p in model.parameters())


def weights(model):
    digest = hashlib.md5()
    for value in model.state_dict().values():
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


torch.manual_seed(0)
model = MobileNetV2(num_classes=10)
print(names(model), weights(model))
print(model.features[1])
for build in (resnet18, resnet34, mobilenet_v3_small, mobilenet_v3_large):
    torch.manual_seed(1)
    network = build(num_classes=10)
    print(build.__name__, names(network), weights(network))
print("resnet50", names(resnet50()))
print("vgg11_bn", names(vgg11_bn(num_classes=2, init_weights=False)))
