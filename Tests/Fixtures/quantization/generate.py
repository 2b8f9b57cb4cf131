"""Writes fixtures.json: fake quantisation from PyTorch, observers from independent NumPy code. Needs torch and numpy."""
import json
import os

import numpy as np
import torch

rng = np.random.default_rng(7)


def floats(a):
    return [float(x) for x in np.asarray(a, np.float32).reshape(-1)]


def fake_quantize():
    cases = []
    for scale, low, high, n in [(0.1, -128, 127, 64), (0.037, -8, 7, 64), (1 / 128, -128, 127, 64), (0.5, -128, 127, 0)]:
        values = rng.normal(0, scale * high * 0.7, n) if n else [0.25, 0.75, -0.25, -0.75, 63.9, -64.3, 1.25, 64.0]
        x = torch.tensor(np.asarray(values, np.float32), requires_grad=True)
        y = torch.fake_quantize_per_tensor_affine(x, scale, 0, low, high)
        weight = torch.arange(1, x.numel() + 1, dtype=torch.float32)
        (y * weight).sum().backward()
        cases.append({"x": floats(x.detach()), "scale": scale, "low": low, "high": high, "y": floats(y.detach()), "gradient": floats(x.grad)})
    return cases


def fake_quantize_channels():
    cases = []
    for shape, axis in [((4, 3, 2, 2), 0), ((2, 5, 3), 1)]:
        x = torch.tensor(rng.normal(0, 1, shape).astype(np.float32), requires_grad=True)
        scale = torch.tensor(rng.uniform(0.004, 0.03, shape[axis]).astype(np.float32))
        y = torch.fake_quantize_per_channel_affine(x, scale, torch.zeros(shape[axis], dtype=torch.int32), axis, -128, 127)
        weight = torch.arange(1, x.numel() + 1, dtype=torch.float32).reshape(shape)
        (y * weight).sum().backward()
        cases.append({"x": floats(x.detach()), "shape": shape, "axis": axis, "scale": floats(scale), "y": floats(y.detach()), "gradient": floats(x.grad)})
    return cases


def scale_of(low, high):
    return max(np.float32(1.1920929e-07), np.float32(max(-low, high, 0) / 127.5))


def error(x, scale):
    q = np.clip(np.floor(x * (np.float32(1) / scale) + np.float32(0.5)), -128, 127) * scale
    return float(np.sqrt(np.sum((q.astype(np.float64) - x.astype(np.float64)) ** 2)))


def minmax(x):
    return float(x.min()), float(x.max())


def percentile(x, p=99.99, bins=2048):
    bound = np.abs(x).max()
    counts, _ = np.histogram(np.abs(x), bins, (0, bound))
    i = int(np.argmax(np.cumsum(counts) >= p / 100 * x.size))
    clip = (i + 0.5) * bound / bins
    return max(x.min(), -clip), min(x.max(), clip)


def mse(x, stride=1):
    best = None
    for k in range(0, 95, stride):
        f = 1 - 0.01 * k
        e = error(x, scale_of(f * x.min(), f * x.max()))
        if best is None or e <= best[0]:
            best = (e, f)
    return best[1] * x.min(), best[1] * x.max()


def mix(x):
    best = None
    for p in [0.999, 0.9995, 0.9999, 0.99993, 0.99995, 0.99997, 0.99999, 0.999995, 0.999999]:
        low, high = percentile(x, p * 100)
        e = error(x, scale_of(low, high))
        if best is None or e < best[0]:
            best = (e, low, high)
    return best[1:]


def clip_std(x, k=3.0):
    m, s = x.astype(np.float64).mean(), x.astype(np.float64).std(ddof=1)
    return max(x.min(), m - k * s), min(x.max(), m + k * s)


def kl(x, bins=512):
    bound = np.abs(x).max()
    h, edges = np.histogram(np.abs(x), bins, (0, bound))
    h = h.astype(np.float64)
    h[0] = h[1]
    d = []
    for i in range(128, bins + 1):
        p = h[:i].copy()
        p[-1] += h[i:].sum()
        q = np.zeros(i)
        for g in range(128):
            a, b = g * i // 128, (g + 1) * i // 128
            filled = h[a:b] > 0
            if filled.any():
                q[a:b][filled] = h[a:b].sum() / filled.sum()
        p, q = p / p.sum(), q / q.sum() + 1e-10
        m = p > 0
        d.append(float((p[m] * np.log(p[m] / q[m])).sum()))
    s = [sum(d[j:j + 9]) for j in range(len(d) - 9)]
    j = max(i for i, v in enumerate(s) if v == min(s))
    return -edges[j + 132], edges[j + 132]


def observers():
    batches = [np.round(rng.laplace(0.05 * b, 0.4 + 0.2 * b, 1500), 4).astype(np.float32) for b in range(3)]
    result = {"batches": [floats(b) for b in batches], "ranges": {}}
    for name, f in [("min_max", minmax), ("percentile", percentile), ("mse", mse), ("mix", mix), ("clip_std", clip_std), ("kl", kl)]:
        low = high = None
        steps = []
        for b in batches:
            l, h = f(b)
            low, high = (l, h) if low is None else (low + 0.01 * (l - low), high + 0.01 * (h - high))
            steps.append([float(low), float(high)])
        result["ranges"][name] = steps
    return result


def short(values, parts):
    """Values with few digits."""
    return torch.round(values * parts) / parts


class MovingRange:
    """Minimum and maximum along dimension 0 of rows, averaged with a constant of 0.01, and the scale of 8 bits they give."""

    def __init__(self):
        self.low = self.high = None

    def scale(self, rows):
        low, high = rows.amin(1), rows.amax(1)
        self.low = low if self.low is None else self.low + 0.01 * (low - self.low)
        self.high = high if self.high is None else self.high + 0.01 * (high - self.high)
        return torch.maximum(-self.low, self.high).clamp(min=0) / 127.5


def training():
    """Losses of quantization-aware training with Adam: convolution + ReLU6, 1x1 convolution + residual, linear layer without output scale."""
    torch.manual_seed(3)
    shapes = {"stem": (8, 3, 3, 3), "point": (8, 8, 1, 1), "linear": (4, 128)}
    weights = {name: torch.nn.Parameter(short(torch.randn(shape) * (2 / np.prod(shape[1:])) ** 0.5, 256)) for name, shape in shapes.items()}
    biases = {name: torch.nn.Parameter(short(torch.randn(shape[0]) * 0.1, 256)) for name, shape in shapes.items()}
    images = short(torch.randn(6, 8, 3, 8, 8), 8)
    labels = torch.randint(0, 4, (6, 8))
    out = {"weights": {k: floats(v.detach()) for k, v in weights.items()}, "biases": {k: floats(v.detach()) for k, v in biases.items()}}
    out.update(images=floats(images), labels=labels.reshape(-1).tolist(), losses=[])
    ranges = {name: MovingRange() for name in ["stem", "point", "linear", "image", "stem out", "point out"]}

    def weight(name):
        w = weights[name]
        zeros = torch.zeros(w.shape[0], dtype=torch.int32)
        return torch.fake_quantize_per_channel_affine(w, ranges[name].scale(w.detach().flatten(1)), zeros, 0, -128, 127)

    def activation(name, x):
        return torch.fake_quantize_per_tensor_affine(x, ranges[name].scale(x.detach().reshape(1, -1)).item(), 0, -128, 127)

    optimizer = torch.optim.Adam([p for name in shapes for p in (weights[name], biases[name])], lr=1e-3, weight_decay=1e-4)
    for step in range(24):
        x = activation("image", images[step % 6])
        x = activation("stem out", torch.nn.functional.relu6(torch.nn.functional.conv2d(x, weight("stem"), biases["stem"], stride=2, padding=1)))
        x = activation("point out", torch.nn.functional.conv2d(x, weight("point"), biases["point"]) + x)
        y = torch.nn.functional.linear(x.flatten(1), weight("linear"), biases["linear"])
        loss = torch.nn.functional.cross_entropy(y, labels[step % 6])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        out["losses"].append(loss.item())
    return out


out = {"fake_quantize": fake_quantize(), "fake_quantize_channels": fake_quantize_channels(), "observers": observers(), "training": training()}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures.json"), "w") as f:
    json.dump(out, f, separators=(",", ":"))
