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


out = {"fake_quantize": fake_quantize(), "fake_quantize_channels": fake_quantize_channels(), "observers": observers()}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures.json"), "w") as f:
    json.dump(out, f, separators=(",", ":"))
