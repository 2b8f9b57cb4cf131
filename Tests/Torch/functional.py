# torch.nn.functional: values, gradients, errors.
import torch
import torch.nn.functional as F


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


x = torch.tensor([[-2.0, -0.5, 0.0, 0.5, 2.0], [3.0, -1.5, 6.5, -0.1, 1.0]])
for name in ["relu", "relu6", "elu", "selu", "silu", "mish", "hardswish", "hardsigmoid", "hardtanh", "gelu", "softplus", "softsign", "hardshrink",
             "tanhshrink", "logsigmoid", "leaky_relu", "celu"]:
    print(name, getattr(F, name)(x))
print(F.softmax(x, dim=1), F.log_softmax(x, 0)[0, :2], F.glu(torch.arange(4.0)), F.threshold(x, 0.2, 9), F.gelu(x, approximate="tanh")[0])
print(F.relu(x.clone(), inplace=True)[0], F.prelu(x, torch.tensor([0.1]))[0], F.normalize(x, dim=1)[0])
w = torch.arange(6.0).reshape(2, 3)
print(F.linear(torch.ones(1, 3), w, torch.tensor([1.0, 2.0])), F.one_hot(torch.tensor([0, 2]), 4), F.embedding(torch.tensor([1, 0]), w))
image = torch.arange(16.0).reshape(1, 1, 4, 4)
kernel = torch.ones(1, 1, 2, 2)
print(F.conv2d(image, kernel), F.conv2d(image, kernel, stride=2, padding=1), F.conv2d(image, torch.ones(1, 1, 3, 3), padding="same"), F.conv1d(image[0, :, 0], torch.ones(1, 1, 3)))
print(F.conv_transpose2d(image[..., :2, :2], kernel, stride=2), F.max_pool2d(image, 2), F.max_pool2d(image, 2, return_indices=True)[1], F.avg_pool2d(image, 3, 1, 1))
print(F.adaptive_avg_pool2d(image, (1, 2)), F.adaptive_max_pool2d(image, 2), F.interpolate(image, scale_factor=0.5), F.interpolate(image, size=(2, 3), mode="bilinear"))
print(F.pad(image[0, 0], (1, 0, 0, 1), value=7), F.pad(image, (1, 1, 0, 0), mode="reflect")[0, 0, 0], F.pad(image[0], (1, 1), mode="replicate")[0, 0])
print(F.pixel_shuffle(torch.arange(8.0).reshape(1, 4, 1, 2), 2), F.unfold(image, 3).shape, F.channel_shuffle(torch.arange(4.0).reshape(1, 4, 1, 1), 2).flatten())
print(F.layer_norm(x, (5,))[0], F.group_norm(torch.arange(8.0).reshape(1, 4, 2), 2)[0, 0], F.batch_norm(x, torch.zeros(5), torch.ones(5))[0, 0].item())
target = torch.tensor([1, 4])
print(F.cross_entropy(x, target), F.cross_entropy(x, target, reduction="none"), F.cross_entropy(x, target, label_smoothing=0.1), F.cross_entropy(x, target, weight=torch.arange(5.0)))
print(F.nll_loss(F.log_softmax(x, 1), target), F.cross_entropy(x, torch.tensor([1, -100])), F.cross_entropy(x, F.softmax(-x, 1), reduction="sum"))
y = torch.zeros_like(x)
print(F.mse_loss(x, y), F.l1_loss(x, y, reduction="sum"), F.smooth_l1_loss(x, y), F.huber_loss(x, y, delta=0.5), F.mse_loss(x, y, reduction="none")[1])
p = torch.sigmoid(x)
print(F.binary_cross_entropy(p, (x > 0).float()), F.binary_cross_entropy_with_logits(x, (x > 0).float(), pos_weight=torch.tensor(2.0)))
print(F.kl_div(F.log_softmax(x, 1), F.softmax(-x, 1), reduction="batchmean"), F.cosine_similarity(x[0], x[1], dim=0), F.pairwise_distance(x[:1], x[1:]))
print(F.margin_ranking_loss(x[0], x[1], torch.ones(5)), F.triplet_margin_loss(x[:1], x[1:], x[:1] * 2), F.hinge_embedding_loss(x, torch.ones_like(x)))
q = torch.arange(8.0).reshape(1, 2, 4) / 8
print(F.scaled_dot_product_attention(q, q, q, is_causal=True))
torch.manual_seed(0)
print(F.dropout(torch.ones(2, 4), 0.5), F.dropout(torch.ones(3), 0.9, training=False), F.dropout2d(torch.ones(1, 4, 1, 2), 0.5)[0, :, 0, 0])
fails(lambda: F.dropout(x, 1.5))
fails(lambda: F.mse_loss(x, y, reduction="bad"))
fails(lambda: F.cross_entropy(x, torch.tensor([0])))
fails(lambda: F.conv2d(image, torch.ones(1, 2, 2, 2)))
fails(lambda: F.foo)
fails(lambda: F.one_hot(torch.tensor([5]), 3))
fails(lambda: F.linear(3, w))
fails(lambda: F.interpolate(image))
