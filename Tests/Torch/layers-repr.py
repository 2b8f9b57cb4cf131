# Every layer's description, attributes, shapes.
import torch
import torch.nn as nn

layers = [
    nn.Conv1d(2, 4, 3), nn.Conv2d(3, 6, (3, 5), stride=(2, 1), padding=(1, 2), dilation=1, groups=3, bias=False), nn.Conv3d(1, 2, 3, padding="same"),
    nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), nn.ConvTranspose2d(4, 2, 2, stride=2, output_padding=1), nn.Linear(3, 4), nn.Linear(3, 4, bias=False),
    nn.BatchNorm1d(3), nn.BatchNorm2d(3, eps=1e-3, momentum=None), nn.BatchNorm2d(3, affine=False), nn.LayerNorm(4), nn.LayerNorm((2, 3), elementwise_affine=False),
    nn.GroupNorm(2, 4), nn.Embedding(10, 3), nn.Embedding(10, 3, padding_idx=0), nn.Dropout(0.3), nn.Dropout2d(), nn.ReLU(), nn.ReLU(inplace=True), nn.ReLU6(),
    nn.LeakyReLU(0.2), nn.ELU(), nn.SELU(), nn.Sigmoid(), nn.Tanh(), nn.SiLU(), nn.Mish(), nn.Hardswish(), nn.Hardsigmoid(), nn.Hardtanh(), nn.GELU(),
    nn.Softplus(), nn.Softmax(dim=1), nn.LogSoftmax(dim=-1), nn.PReLU(), nn.LogSigmoid(), nn.Softsign(), nn.Threshold(0.1, 20), nn.GLU(), nn.Hardshrink(),
    nn.MaxPool2d(2), nn.MaxPool2d((3, 2), stride=(2, 1), padding=1, ceil_mode=True), nn.MaxPool1d(2), nn.AvgPool2d(2), nn.AvgPool1d(3), nn.AdaptiveAvgPool2d(1),
    nn.AdaptiveAvgPool2d((None, 7)), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Unflatten(1, (2, 3)), nn.Identity(), nn.Upsample(scale_factor=2),
    nn.Upsample(size=(4, 4), mode="bilinear", align_corners=True), nn.ZeroPad2d(1), nn.ReflectionPad2d((1, 2, 3, 4)), nn.ReplicationPad2d(2), nn.ConstantPad2d(1, 3.5),
    nn.CrossEntropyLoss(), nn.NLLLoss(), nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.KLDivLoss(), nn.HuberLoss(),
    nn.PixelShuffle(2), nn.CosineSimilarity(),
]
for layer in layers:
    print(repr(layer), [tuple(p.shape) for p in layer.parameters()])
conv = layers[1]
print(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups, conv.bias, conv.padding_mode, conv.transposed)
bn = layers[8]
print(bn.num_features, bn.eps, bn.momentum, bn.affine, bn.track_running_stats, bn.running_mean, bn.weight.requires_grad)
print(layers[5].in_features, layers[5].out_features, layers[15].p, layers[18].inplace, layers[20].negative_slope, layers[40].kernel_size, layers[40].stride)
print(isinstance(conv, nn.Module), isinstance(bn, nn.modules.batchnorm._BatchNorm), isinstance(conv, nn.modules.conv._ConvNd), type(conv).__name__)
print(conv.__class__ is nn.Conv2d, nn.Conv2d.__name__, nn.Module in nn.Conv2d.__mro__)
bn.eps = 0.5
bn.momentum = 0.3
layers[15].p = 0.9
layers[18].inplace = False
print(bn, layers[15], layers[18])
bn.train()
x = torch.arange(24.0).reshape(2, 3, 2, 2)
bn(x)
print(bn.running_mean, bn.num_batches_tracked)
bn.eval()
print(bn(x)[0, 0])
for shape, layer in [
    ((2, 2, 8), layers[0]), ((1, 3, 8, 8), layers[1]), ((1, 1, 4, 4, 4), layers[2]), ((1, 1, 5, 5), layers[3]), ((1, 4, 3, 3), layers[4]), ((5, 3), layers[5]),
    ((2, 3, 4), layers[10]), ((2, 4, 3, 3), layers[12]), ((1, 2, 8, 8), layers[40]), ((1, 2, 8, 8), layers[41]), ((1, 2, 8), layers[42]), ((1, 2, 8, 8), layers[45]),
    ((1, 2, 8, 8), layers[46]), ((2, 3, 4), layers[48]), ((1, 6), layers[49]), ((1, 2, 3, 3), layers[51]), ((1, 2, 3, 3), layers[52]), ((1, 1, 5, 5), layers[54]),
    ((1, 4, 2, 2), layers[66]),
]:
    print(type(layer).__name__, tuple(layer(torch.ones(shape)).shape))


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


fails(lambda: nn.Linear(3))
fails(lambda: nn.Linear(3, 2, foo=1))
fails(lambda: nn.Linear(3, 2).foo)
fails(lambda: nn.Foo)
fails(lambda: nn.Conv2d(3, 2, 3)(torch.ones(2, 4)))
fails(lambda: nn.Conv2d(3, 2, 3)(torch.ones(2, 4, 5, 5)))
fails(lambda: nn.Conv2d(3, 4, 3, groups=2))
fails(lambda: nn.Linear(3, 2)())
fails(lambda: nn.Linear(3, 2)("a"))
fails(lambda: nn.BatchNorm2d(3)(torch.ones(2, 3)))
fails(lambda: nn.BatchNorm1d(3)(torch.ones(1, 3)))
fails(lambda: nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0, 5])))
fails(lambda: nn.Dropout(2))
fails(lambda: nn.MSELoss(reduction="avg")(torch.ones(1), torch.ones(1)))


class Scaled(nn.Conv2d):
    def __init__(self, channels):
        super().__init__(channels, channels, 1, bias=False)
        self.scale = 2
        nn.init.ones_(self.weight)

    def forward(self, input):
        return super().forward(input) * self.scale


scaled = Scaled(2)
print(scaled, scaled(torch.ones(1, 2, 1, 1)).flatten().tolist(), scaled.in_channels, nn.Sequential(scaled, nn.ReLU())(torch.ones(1, 2, 1, 1)).sum().item())
