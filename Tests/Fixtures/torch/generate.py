"""Generates the fixtures of the engine's tests from PyTorch. Run with PyTorch 2.15 (CPU):

    python3 Tests/Fixtures/torch/generate.py

Writes cases.json (one operation per case: inputs, arguments, result, gradients, or the error), random.json (sampled streams),
printing.json, training.json (layers, losses, optimizers, schedulers) and checkpoint files beside this script.

    python3 Tests/Fixtures/torch/generate.py volumes

writes volumes.json alone: pools and resizing in one, two and three dimensions, unique slices.
"""
import json, math, os, struct, sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {torch.float32: "float32", torch.float64: "float64", torch.int64: "int64", torch.int32: "int32", torch.int16: "int16",
         torch.int8: "int8", torch.uint8: "uint8", torch.bool: "bool"}


def number(v):
    if isinstance(v, bool):
        return int(v)
    if isinstance(v, float):
        if math.isnan(v):
            return "nan"
        if math.isinf(v):
            return "inf" if v > 0 else "-inf"
        return float("%.9g" % v)
    return v


def tensor(t):
    return {"shape": list(t.shape), "dtype": NAMES[t.dtype], "data": [number(v) for v in t.detach().contiguous().view(-1).tolist()]}


G = torch.Generator().manual_seed(20)


def R(*shape, low=-2.0, high=2.0, dtype=torch.float32):
    t = torch.rand(shape, generator=G, dtype=torch.float64) * (high - low) + low
    return (torch.round(t * 1024) / 1024).to(dtype)


def I(low, high, *shape, dtype=torch.int64):
    return torch.randint(low, high, shape, generator=G).to(dtype)


CASES = []


def case(op, inputs, fn, args=None, grad=True, layout=None):
    """layout: 't' passes the first input as the transpose of what is stored, 's' as every second row of it."""
    entry = {"op": op, "inputs": [tensor(t) for t in inputs], "args": args or {}}
    if layout:
        entry["layout"] = layout
    leaves = [t.clone() for t in inputs]
    floats = [t for t in leaves if t.is_floating_point()]
    grad = grad and floats
    if grad:
        for t in floats:
            t.requires_grad_(True)
    actual = list(leaves)
    if layout == "t":
        actual[0] = actual[0].transpose(0, 1)
    if layout == "s":
        actual[0] = actual[0][::2]
    try:
        out = fn(*actual)
    except Exception as e:
        entry["error"] = {"type": type(e).__name__, "message": str(e)}
        CASES.append(entry)
        return
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    entry["results"] = [tensor(t) for t in outs]
    if grad and any(t.requires_grad for t in outs):
        total = 0
        for t in outs:
            if t.requires_grad:
                w = torch.arange(1, t.numel() + 1, dtype=torch.float64).mul(0.7).sin().to(t.dtype).view(t.shape)
                total = total + (t * w).sum()
        total.backward()
        entry["grads"] = [tensor(t.grad) if t.grad is not None else None for t in floats]
    CASES.append(entry)


def method(name, inputs, *args, **kw):
    key = kw.pop("key", name)
    layout = kw.pop("layout", None)
    grad = kw.pop("grad", True)
    case(key, inputs, lambda x, *r: getattr(x, name)(*r, *args, **kw), {"a": list(args), **kw}, grad, layout)


def arithmetic():
    for name in ["add", "sub", "mul", "div", "maximum", "minimum", "atan2", "fmod", "remainder"]:
        method(name, [R(3, 4), R(3, 4)])
        method(name, [R(3, 1, 2), R(4, 1)])
        method(name, [R(4, 3), R(3, 4)], layout="t")
        method(name, [R(0, 3), R(1, 3)])
        method(name, [R(), R(2, 2)])
    for a, b in [(torch.int64, torch.float32), (torch.uint8, torch.int8), (torch.int32, torch.int64), (torch.bool, torch.int16),
                 (torch.float32, torch.float64), (torch.uint8, torch.uint8), (torch.int8, torch.int8)]:
        for name in ["add", "mul", "div"]:
            method(name, [I(0, 2 if a == torch.bool else 100, 2, 3, dtype=a), I(1, 2 if b == torch.bool else 100, 3, dtype=b)])
    method("pow", [R(3, 3, low=0.2), R(3, 3)])
    method("pow", [R(3, 3), torch.tensor(2.0)])
    method("pow", [I(-3, 4, 5), I(0, 4, 5)])
    for mode in ["trunc", "floor"]:
        method("div", [R(4, 4), R(4, 4)], rounding_mode=mode, grad=False)
        method("div", [I(-20, 20, 8), I(1, 5, 8)], rounding_mode=mode)
    method("remainder", [I(-20, 20, 8), I(1, 5, 8)])
    method("fmod", [I(-20, 20, 8), I(1, 5, 8)])
    for name in ["eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"]:
        method(name, [I(0, 3, 3, 4), I(0, 3, 4)])
    for name in ["bitwise_and", "bitwise_or", "bitwise_xor"]:
        method(name, [I(0, 64, 6), I(0, 64, 6)])
    case("where", [R(3, 4) > 0, R(3, 4), R(4)], lambda c, a, b: torch.where(c, a, b))
    method("masked_fill", [R(3, 4), R(3, 4) > 0, torch.tensor(1.5)])
    method("addcmul", [R(3, 4), R(4), R(3, 1)], value=0.5)
    method("addcdiv", [R(3, 4), R(4), R(3, 1, low=0.5)], value=0.5)
    method("lerp", [R(3, 4), R(3, 4), R(3, 4)])
    for lo, hi in [(-1.0, 1.0), (None, 0.5), (0.0, None)]:
        method("clamp", [R(4, 5)], min=lo, max=hi)


def unary():
    wide = ["neg", "abs", "sign", "square", "floor", "ceil", "round", "trunc", "frac", "exp", "exp2", "expm1", "sin", "cos", "tan", "sinh", "cosh",
            "tanh", "asinh", "atan", "erf", "erfc", "sigmoid", "relu"]
    for name in wide:
        method(name, [R(3, 7)])
        method(name, [R(4, 2, dtype=torch.float64)], layout="t")
    for name in ["log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal", "acosh"]:
        method(name, [R(3, 7, low=1.1, high=4.0)])
    for name in ["asin", "acos", "atanh"]:
        method(name, [R(3, 7, low=-0.9, high=0.9)])
    for name in ["neg", "abs", "sign", "square", "exp", "sqrt", "sigmoid"]:
        method(name, [I(0, 9, 5)])
    for name in ["isnan", "isinf", "isfinite", "exp", "log", "sigmoid", "tanh"]:
        method(name, [torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0, 100.0, -100.0])], grad=False)
    for name, kw in [("leaky_relu", {"negative_slope": 0.1}), ("elu", {"alpha": 1.3}), ("selu", {}), ("logsigmoid", {}), ("silu", {}), ("mish", {}),
                     ("gelu", {}), ("gelu_tanh", {}), ("hardswish", {}), ("hardsigmoid", {}), ("softplus", {}), ("softshrink", {}), ("hardshrink", {}),
                     ("relu6", {}), ("hardtanh", {}), ("softsign", {})]:
        f = (lambda x: F.gelu(x, approximate="tanh")) if name == "gelu_tanh" else (lambda x, n=name, k=kw: getattr(F, n)(x, **k))
        case(name, [R(4, 6, low=-5, high=5)], f, kw)
    case("prelu", [R(2, 3, 4), R(3)], F.prelu)
    case("threshold", [R(3, 4)], lambda x: F.threshold(x, 0.1, 20.0), {"a": [0.1, 20.0]})


def reductions():
    for name in ["sum", "mean"]:
        method(name, [R(3, 4, 5)])
        for dim in [[0], [1], [2], [0, 2], [-1, -2]]:
            method(name, [R(3, 4, 5)], dim=dim, keepdim=dim == [1])
        method(name, [R(0, 3)], dim=[0])
        method(name, [R(4, 3)], dim=[0], layout="t")
        method(name, [R()])
    method("sum", [I(0, 9, 3, 3, dtype=torch.int32)])
    method("sum", [R(3, 3) > 0], dim=[1])
    method("mean", [R(300, 70)])
    for name in ["prod", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "cumsum", "cumprod", "var", "std", "logsumexp"]:
        for dim in [0, 1, -1]:
            if name in ("any", "all"):
                method(name, [I(0, 2, 3, 4)], dim=dim)
            elif name in ("amax", "amin", "logsumexp", "var", "std"):
                method(name, [R(3, 4, 2)], dim=[dim])
            else:
                method(name, [R(3, 4, 2)], dim=dim)
    for name in ["prod", "max", "min", "argmax", "argmin", "any", "all", "var", "std"]:
        method(name, [R(3, 4)], key=name + "_all")
    for dim in [None, [0], [0, 1]]:
        for p in [2.0, 1.0, 3.0, float("inf")]:
            case("norm", [R(3, 4)], lambda x, p=p, d=dim: torch.linalg.vector_norm(x, p, dim=d), {"p": number(p), "dim": dim})
    for dim in [0, 1, -1]:
        method("softmax", [R(3, 4, 2)], dim=dim)
        method("log_softmax", [R(3, 4, 2)], dim=dim)
    for dim in [0, 1]:
        method("sort", [R(4, 5)], dim=dim)
        method("sort", [I(0, 3, 4, 5)], dim=dim, descending=True, grad=False, stable=True) if False else None
        method("topk", [R(4, 5)], 3, dim=dim)
    method("median", [R(5, 3)], key="median_all")
    method("kthvalue", [R(4, 5)], 2, dim=1)
    case("unique", [I(0, 5, 4, 3)], lambda x: torch.unique(x, return_inverse=True, return_counts=True))


def products():
    for a, b in [((3, 4), (4, 5)), ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((0, 3), (3, 2)),
                 ((70, 64), (64, 50))]:
        method("matmul", [R(*a), R(*b)])
    method("matmul", [R(4, 3), R(4, 2)], layout="t")
    method("bmm", [R(3, 2, 4), R(3, 4, 2)])
    method("addmm", [R(5), R(3, 4), R(4, 5)])
    case("linear", [R(2, 3, 4), R(5, 4), R(5)], F.linear)
    case("linear", [R(6, 4), R(5, 4)], F.linear)


def shapes():
    for name, args in [("view", [[2, 6]]), ("reshape", [[-1, 3]]), ("permute", [[1, 0]]), ("transpose", [0, 1]), ("unsqueeze", [1]), ("expand", [[2, 3, 4]]),
                       ("flip", [[0, 1]]), ("roll", [[1], [0]]), ("repeat", [[2, 1, 3]]), ("tile", [[2]]), ("narrow", [1, 1, 2]), ("select", [0, -1]),
                       ("flatten", [0, 1]), ("unfold", [1, 2, 1]), ("diagonal", []), ("triu", []), ("tril", [-1]), ("movedim", [[0], [1]])]:
        method(name, [R(3, 4)], *args)
    method("reshape", [R(4, 3)], [12], layout="t")
    method("squeeze", [R(1, 3, 1)])
    for args in [(2, 0), (3, 1)]:
        case("chunk", [R(5, 4)], lambda x, a=args: torch.chunk(x, a[0], a[1]), {"a": list(args)})
    case("split", [R(5, 4)], lambda x: torch.split(x, [2, 3], 0), {"a": [[2, 3], 0]})
    case("cat", [R(2, 3), R(1, 3)], lambda *t: torch.cat(t, 0), {"dim": 0})
    case("cat", [R(2, 1), R(2, 3)], lambda *t: torch.cat(t, -1), {"dim": -1})
    case("stack", [R(2, 3), R(2, 3)], lambda *t: torch.stack(t, 1), {"dim": 1})
    for mode in ["constant", "reflect", "replicate", "circular"]:
        case("pad", [R(2, 3, 4, 5)], lambda x, m=mode: F.pad(x, (1, 2, 2, 1), mode=m), {"a": [1, 2, 2, 1], "mode": mode})
    method("index_select", [R(4, 3), I(0, 3, 5)], key="index_select1") if False else None
    case("index_select", [R(4, 3), I(0, 3, 5)], lambda x, i: x.index_select(1, i), {"dim": 1})
    case("gather", [R(4, 3), I(0, 4, 2, 3)], lambda x, i: x.gather(0, i), {"dim": 0})
    case("scatter_add", [R(4, 3), I(0, 4, 2, 3), R(2, 3)], lambda x, i, s: x.scatter_add(0, i, s), {"dim": 0})
    case("scatter", [R(4, 3), torch.tensor([[0, 1, 2], [1, 3, 0]]), R(2, 3)], lambda x, i, s: x.scatter(0, i, s), {"dim": 0})
    case("index", [R(4, 3), I(0, 4, 2, 2)], lambda x, i: x[i])
    case("index_mask", [R(4, 3), R(4, 3) > 0], lambda x, m: x[m])
    case("index_pair", [R(4, 3, 2), I(0, 4, 5), I(0, 2, 5)], lambda x, i, j: x[i, :, j])
    case("index_put", [R(4, 3), torch.tensor([0, 2]), R(2, 3)], lambda x, i, v: x.index_put((i,), v))
    case("masked_select", [R(4, 3), R(3) > 0], lambda x, m: x.masked_select(m))
    case("setitem", [R(4, 3), R(2)], lambda x, v: _setitem(x, v))
    case("embedding", [R(6, 3), I(0, 6, 2, 4)], lambda w, i: F.embedding(i, w))
    case("inplace_view", [R(4, 3), R(3)], lambda x, v: _inplace_view(x, v))


def _setitem(x, v):
    y = x.clone()
    y[1:3, 0] = v
    return y


def _inplace_view(x, v):
    y = x.clone()
    y[1].mul_(v)
    return y * y


def layers():
    for cin, cout, k, s, p, d, g in [(3, 8, 3, 1, 1, 1, 1), (3, 8, 3, 2, 1, 1, 1), (4, 6, 1, 1, 0, 1, 1), (8, 8, 3, 1, 1, 1, 8), (8, 8, 3, 2, 1, 1, 8), (16, 16, 5, 1, 2, 1, 16),
                                     (24, 24, 3, 2, 1, 1, 24), (4, 8, 3, 1, 2, 2, 2), (3, 3, 3, 1, 1, 1, 3), (16, 16, 5, 2, 2, 1, 16), (4, 8, 2, 2, 0, 1, 4), (20, 35, 1, 1, 0, 1, 1)]:
        a = {"stride": s, "padding": p, "dilation": d, "groups": g}
        for bias in [True, False]:
            ins = [R(2, cin, 7, 6), R(cout, cin // g, k, k)] + ([R(cout)] if bias else [])
            case("conv2d", ins, lambda *t, a=a: F.conv2d(*t, **a) if len(t) == 3 else F.conv2d(t[0], t[1], None, **a), a)
    a = {"stride": 2, "padding": 1, "dilation": 1, "groups": 1}
    case("conv1d", [R(2, 3, 9), R(4, 3, 3), R(4)], lambda *t: F.conv1d(*t, **a), a)
    case("conv3d", [R(1, 2, 4, 5, 5), R(3, 2, 2, 3, 3), R(3)], lambda *t: F.conv3d(*t, **a), a)
    for s, p, op, g in [(2, 1, 1, 1), (1, 0, 0, 2), (3, 1, 2, 1)]:
        a2 = {"stride": s, "padding": p, "output_padding": op, "groups": g}
        case("conv_transpose2d", [R(2, 4, 4, 5), R(4, 3, 3, 3), R(3 * g)], lambda *t, a2=a2: F.conv_transpose2d(*t, **a2), a2)
    for shape in [(4, 5), (3, 4, 6), (3, 5, 4, 3)]:
        c = shape[1]
        case("batch_norm", [R(*shape), R(c), R(c)], lambda x, w, b: F.batch_norm(x, torch.zeros(x.shape[1]), torch.ones(x.shape[1]), w, b, True), {"training": True})
        case("batch_norm", [R(*shape), R(c), R(c)], lambda x, w, b: F.batch_norm(x, torch.full((x.shape[1],), 0.3), torch.full((x.shape[1],), 1.7), w, b, False), {"training": False})
    case("layer_norm", [R(3, 4, 5), R(4, 5), R(4, 5)], lambda x, w, b: F.layer_norm(x, (4, 5), w, b))
    case("group_norm", [R(2, 6, 3, 2), R(6), R(6)], lambda x, w, b: F.group_norm(x, 3, w, b), {"groups": 3})
    for k, s, p, ceil in [(2, 2, 0, False), (3, 2, 1, False), (3, 2, 1, True), (3, 1, 0, False)]:
        a3 = {"kernel_size": k, "stride": s, "padding": p, "ceil_mode": ceil}
        case("max_pool2d", [R(2, 3, 7, 6)], lambda x, a3=a3: F.max_pool2d(x, **a3), a3)
        case("avg_pool2d", [R(2, 3, 7, 6)], lambda x, a3=a3: F.avg_pool2d(x, **a3), a3)
        case("avg_pool2d", [R(2, 3, 7, 6)], lambda x, a3=a3: F.avg_pool2d(x, count_include_pad=False, **a3), {**a3, "exclude": True})
    case("max_pool1d", [R(2, 3, 9)], lambda x: F.max_pool1d(x, 3, 2, 1), {"kernel_size": 3, "stride": 2, "padding": 1})
    for o in [[1, 1], [3, 2], [None, 4]]:
        case("adaptive_avg_pool2d", [R(2, 3, 7, 6)], lambda x, o=o: F.adaptive_avg_pool2d(x, o), {"a": o})
    case("adaptive_max_pool2d", [R(2, 3, 7, 6)], lambda x: F.adaptive_max_pool2d(x, [3, 2]), {"a": [3, 2]})
    for kw in [{"size": [9, 5], "mode": "nearest"}, {"scale_factor": 2.0, "mode": "nearest"}, {"scale_factor": 2.0, "mode": "bilinear"},
               {"size": [5, 9], "mode": "bilinear", "align_corners": True}, {"scale_factor": 1.7, "mode": "bilinear"}]:
        case("interpolate", [R(2, 3, 4, 5)], lambda x, kw=kw: F.interpolate(x, **kw), kw)


def losses():
    for red in ["none", "mean", "sum"]:
        for name in ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"]:
            case(name, [R(4, 3), R(4, 3)], lambda x, t, n=name, r=red: getattr(F, n)(x, t, reduction=r), {"reduction": red})
        case("cross_entropy", [R(5, 4), I(0, 4, 5)], lambda x, t, r=red: F.cross_entropy(x, t, reduction=r), {"reduction": red})
        case("cross_entropy", [R(5, 4), I(0, 4, 5)], lambda x, t, r=red: F.cross_entropy(x, t, reduction=r, label_smoothing=0.1), {"reduction": red, "label_smoothing": 0.1})
        case("cross_entropy", [R(2, 4, 3), torch.tensor([[0, -100, 3], [1, 2, -100]])], lambda x, t, r=red: F.cross_entropy(x, t, reduction=r), {"reduction": red})
        case("cross_entropy_weight", [R(5, 4), I(0, 4, 5), R(4, low=0.5)], lambda x, t, w, r=red: F.cross_entropy(x, t, w.detach(), reduction=r, label_smoothing=0.2), {"reduction": red, "label_smoothing": 0.2})
        case("cross_entropy", [R(3, 4), torch.softmax(R(3, 4), 1)], lambda x, t, r=red: F.cross_entropy(x, t, reduction=r), {"reduction": red})
        case("nll_loss", [R(5, 4), I(0, 4, 5)], lambda x, t, r=red: F.nll_loss(x, t, reduction=r), {"reduction": red})
        case("bce", [R(4, 3, low=0.1, high=0.9), R(4, 3, low=0, high=1)], lambda x, t, r=red: F.binary_cross_entropy(x, t.detach(), reduction=r), {"reduction": red})
        case("bce_logits", [R(4, 3), R(4, 3, low=0, high=1)], lambda x, t, r=red: F.binary_cross_entropy_with_logits(x, t.detach(), reduction=r), {"reduction": red})
        case("kl_div", [R(4, 3), R(4, 3, low=0.1, high=1)], lambda x, t, r=red: F.kl_div(x, t, reduction=r), {"reduction": red})


def errors():
    method("add", [R(3), R(4)])
    method("matmul", [R(2, 3), R(4, 5)])
    method("matmul", [R(2, 3), R(3, 2, dtype=torch.float64)])
    method("bmm", [R(2, 3, 4), R(2, 3, 4)])
    method("view", [R(2, 3)], [4])
    method("view", [R(2, 3)], [3, 2], layout="t")
    method("reshape", [R(2, 3)], [-1, 4])
    method("transpose", [R(2, 3)], 0, 5)
    method("expand", [R(2, 3)], [2, 4])
    method("squeeze", [R(2, 3)], 3)
    method("select", [R(2, 3)], 0, 7)
    method("narrow", [R(2, 3)], 1, 2, 5)
    method("mean", [I(0, 3, 4)])
    method("sum", [R(2, 3)], dim=[2])
    method("argmax", [R(0, 3)], key="argmax_all")
    method("topk", [R(3)], 5, dim=0)
    case("cat", [R(2, 3), R(2, 4)], lambda *t: torch.cat(t, 0), {"dim": 0})
    case("stack", [R(2, 3), R(2, 4)], lambda *t: torch.stack(t, 0), {"dim": 0})
    a = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    case("conv2d", [R(1, 4, 8, 8), R(8, 3, 3, 3)], lambda x, w: F.conv2d(x, w), a)
    case("conv2d", [R(1, 3, 2, 2), R(8, 3, 3, 3)], lambda x, w: F.conv2d(x, w), a)
    case("conv2d", [R(4, 8), R(8, 3, 3, 3)], lambda x, w: F.conv2d(x, w), a)
    case("conv2d", [R(1, 3, 5, 5, dtype=torch.float64), R(8, 3, 3, 3)], lambda x, w: F.conv2d(x, w), a)
    case("cross_entropy", [R(5, 4), I(0, 4, 6)], lambda x, t: F.cross_entropy(x, t), {"reduction": "mean"})
    case("cross_entropy", [R(2, 4), torch.tensor([0, 9])], lambda x, t: F.cross_entropy(x, t), {"reduction": "mean"})
    case("index", [R(3, 2), torch.tensor([5])], lambda x, i: x[i])
    case("linear", [R(2, 3), R(5, 4)], F.linear)
    case("gather", [R(4, 3), torch.tensor([[9, 0, 0]])], lambda x, i: x.gather(0, i), {"dim": 0})
    method("div", [I(0, 5, 3), torch.tensor(0)], rounding_mode="floor")
    method("sub", [R(3) > 0, R(3) > 0])
    method("neg", [R(3) > 0])
    method("bitwise_and", [R(3), R(3)])
    method("permute", [R(2, 3)], [0, 0])
    method("permute", [R(2, 3)], [0])
    case("where", [I(0, 2, 3), R(3), R(3)], lambda c, a, b: torch.where(c, a, b))
    case("batch_norm", [R(1, 3), R(3), R(3)], lambda x, w, b: F.batch_norm(x, torch.zeros(3), torch.ones(3), w, b, True), {"training": True})


def random_streams():
    out = {}

    def take(name, fn, seed=0):
        torch.manual_seed(seed)
        t = fn()
        after = torch.rand(1)
        ts = list(t) if isinstance(t, (list, tuple)) else [t]
        out[name] = {"seed": seed, "values": [{"shape": list(v.shape), "dtype": NAMES[v.dtype], "bits": bits(v)} for v in ts], "next": bits(after)}

    def bits(v):
        v = v.detach().contiguous().view(-1)
        if v.dtype == torch.float32:
            return v.view(torch.int32).tolist()
        if v.dtype == torch.float64:
            return v.view(torch.int64).tolist()
        return v.to(torch.int64).tolist()

    take("rand", lambda: torch.rand(700))
    take("rand_double", lambda: torch.rand(5, dtype=torch.float64), 7)
    take("randn_small", lambda: torch.randn(7))
    take("randn_16", lambda: torch.randn(16))
    take("randn_37", lambda: torch.randn(37), 3)
    take("randn_large", lambda: torch.randn(1000), 11)
    take("randn_double", lambda: torch.randn(20, dtype=torch.float64))
    take("randint", lambda: torch.randint(0, 10, (20,)))
    take("randint_wide", lambda: torch.randint(-5, 2 ** 40, (6,)))
    take("randint_mid", lambda: torch.randint(0, 2 ** 30, (6,)))
    take("randperm", lambda: torch.randperm(50))
    take("bernoulli", lambda: torch.empty(40).bernoulli_(0.3))
    take("bernoulli_tensor", lambda: torch.bernoulli(torch.full((20,), 0.4)))
    take("exponential", lambda: torch.empty(20).exponential_(1.5))
    take("uniform", lambda: torch.empty(20).uniform_(-3, 5))
    take("normal", lambda: torch.empty(20).normal_(2, 0.5))
    take("random", lambda: torch.empty(5, dtype=torch.int64).random_())
    take("dropout", lambda: F.dropout(torch.ones(60), 0.4))
    take("dropout2d", lambda: F.dropout2d(torch.ones(2, 5, 2, 2), 0.4))
    take("multinomial", lambda: torch.multinomial(torch.tensor([0.1, 0.2, 0.3, 0.4]), 3))
    take("multinomial_replace", lambda: torch.multinomial(torch.tensor([[0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 0.0, 1.0]]), 6, replacement=True))
    take("linear", lambda: list(nn.Linear(7, 5).parameters()))
    take("conv2d", lambda: list(nn.Conv2d(3, 6, 3).parameters()))
    take("conv_transpose2d", lambda: list(nn.ConvTranspose2d(3, 6, 3).parameters()))
    take("embedding", lambda: list(nn.Embedding(5, 4).parameters()))
    for n in ["kaiming_uniform_", "kaiming_normal_", "xavier_uniform_", "xavier_normal_"]:
        take(n, lambda n=n: getattr(nn.init, n)(torch.empty(6, 5)))
    take("trunc_normal_", lambda: nn.init.trunc_normal_(torch.empty(20), std=0.5))
    json.dump(out, open(os.path.join(HERE, "random.json"), "w"))


def printing():
    out = []

    def show(t):
        out.append({"tensor": tensor(t), "requires_grad": bool(t.requires_grad), "text": repr(t)})

    show(torch.tensor(1.5)); show(torch.tensor([1.0, 2.0, 3.0])); show(torch.tensor([1e-5, 1.0])); show(torch.tensor([1e9, 1.0])); show(torch.tensor([0.5, 100.25]))
    show(torch.tensor([[1, 2], [3, 40]])); show(torch.tensor([True, False])); show(torch.zeros(0)); show(torch.zeros(0, 3)); show(torch.zeros(2, 0, dtype=torch.int64))
    show(torch.arange(30)); show(torch.arange(2000)); show(torch.linspace(0, 1, 50)); show(torch.arange(24.0).view(2, 3, 4)); show(torch.tensor([float("nan"), 1.0, float("inf")]))
    show(torch.tensor([1.5, float("-inf")])); show(torch.zeros(40, 60)); show(torch.randn(3, 5, generator=G).double()); show(torch.tensor([1.0], dtype=torch.float64))
    show(torch.tensor([1, 2], dtype=torch.uint8)); show(torch.tensor([-1.0, 0.0])); show(torch.ones(2, 3, requires_grad=True)); show(torch.arange(1100.0).view(11, 100))
    show(torch.tensor([123456.0, 1.0])); show(torch.tensor([1e-3, 0.5])); show(torch.tensor(7)); show(torch.zeros(1, 1, 1)); show(torch.tensor([0.00001])); show(torch.tensor([1e8, 2e8]))
    modules = [nn.Linear(3, 4), nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.Conv2d(4, 8, (3, 5), stride=2, groups=4, dilation=2), nn.BatchNorm2d(8), nn.ReLU(), nn.ReLU6(inplace=True),
               nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Sequential(nn.Dropout(0.2))), nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU()]), nn.MaxPool2d(2), nn.AvgPool2d(3, 2),
               nn.AdaptiveAvgPool2d((1, 1)), nn.AdaptiveAvgPool2d(1), nn.Embedding(4, 3), nn.LayerNorm(5), nn.GroupNorm(2, 4), nn.Softmax(dim=1), nn.LeakyReLU(0.1), nn.GELU(), nn.Flatten(),
               nn.Identity(), nn.Upsample(scale_factor=2, mode="nearest"), nn.CrossEntropyLoss(), nn.ConvTranspose2d(3, 2, 3, stride=2, output_padding=1), nn.ModuleDict({"a": nn.Tanh()}),
               nn.Hardswish(), nn.ZeroPad2d(1), nn.MSELoss(), nn.BatchNorm1d(3, affine=False), nn.PReLU(), nn.ELU(), nn.Hardtanh()]
    json.dump({"tensors": out, "modules": [repr(m) for m in modules]}, open(os.path.join(HERE, "printing.json"), "w"))


def training():
    out = {"optimizers": [], "schedulers": []}
    specs = [("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}), ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
             ("SGD", {"lr": 0.1, "momentum": 0.5, "dampening": 0.3}), ("Adam", {"lr": 0.05}), ("Adam", {"lr": 0.05, "weight_decay": 0.1, "amsgrad": True}), ("AdamW", {"lr": 0.05}),
             ("AdamW", {"lr": 0.02, "weight_decay": 0.2, "betas": [0.8, 0.95]}), ("RMSprop", {"lr": 0.01}), ("RMSprop", {"lr": 0.01, "momentum": 0.9, "centered": True, "weight_decay": 0.01})]
    for name, kw in specs:
        w = R(4, 3); x = R(6, 3); y = R(6, 4)
        p = w.clone().requires_grad_(True)
        opt = getattr(torch.optim, name)([p], **kw)
        trace = []
        for _ in range(20):
            opt.zero_grad()
            loss = F.mse_loss(F.linear(x, p), y)
            loss.backward()
            opt.step()
            trace.append(loss.item())
        out["optimizers"].append({"name": name, "args": kw, "w": tensor(w), "x": tensor(x), "y": tensor(y), "losses": trace, "final": tensor(p)})
    S = torch.optim.lr_scheduler
    for name, kw in [("StepLR", {"step_size": 3}), ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.3}), ("ExponentialLR", {"gamma": 0.9}), ("CosineAnnealingLR", {"T_max": 6, "eta_min": 0.01}),
                     ("OneCycleLR", {"max_lr": 0.5, "total_steps": 21}), ("OneCycleLR", {"max_lr": 0.5, "total_steps": 21, "three_phase": True, "anneal_strategy": "linear"}), ("LambdaLR", {}),
                     ("LinearLR", {"total_iters": 7})]:
        p = torch.zeros(1, requires_grad=True)
        opt = torch.optim.SGD([p], lr=0.1, momentum=0.9)
        sch = S.LambdaLR(opt, lambda e: 0.95 ** e) if name == "LambdaLR" else getattr(S, name)(opt, **kw)
        rates = [opt.param_groups[0]["lr"]]
        momenta = [opt.param_groups[0]["momentum"]]
        for _ in range(20):
            opt.step(); sch.step()
            rates.append(opt.param_groups[0]["lr"]); momenta.append(opt.param_groups[0]["momentum"])
        out["schedulers"].append({"name": name, "args": kw, "rates": rates, "momenta": momenta})
    p = torch.zeros(1, requires_grad=True)
    opt = torch.optim.SGD([p], lr=0.1)
    sch = S.ReduceLROnPlateau(opt, patience=2, factor=0.5, cooldown=1)
    metrics = [1, .9, .95, .95, .95, .95, .94, .94, .93, .5, .6, .6, .6, .6, .6, .6, .6, .6]
    rates = []
    for m in metrics:
        sch.step(m); rates.append(opt.param_groups[0]["lr"])
    out["plateau"] = {"metrics": metrics, "rates": rates}
    # No bias before a batch norm: its gradient is rounding noise, which Adam would blow up to full steps.
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                        nn.Conv2d(8, 16, 1, bias=False), nn.BatchNorm2d(16), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(16, 4))
    x = torch.randn(8, 3, 10, 10); y = torch.randint(0, 4, (8,))
    opt = torch.optim.Adam(net.parameters(), lr=0.01)
    trace = []
    for _ in range(20):
        opt.zero_grad(); loss = F.cross_entropy(net(x), y); loss.backward(); opt.step(); trace.append(loss.item())
    net.eval()
    out["network"] = {"losses": trace, "final": tensor(net(x))}
    json.dump(out, open(os.path.join(HERE, "training.json"), "w"))


def checkpoints():
    from collections import OrderedDict
    base = torch.arange(12.0).view(3, 4)
    torch.save({"base": base, "view": base[1:], "transposed": base.t(), "ints": torch.tensor([1, -2, 3]), "flag": torch.tensor([True, False]), "half": 0.5, "n": 7, "big": 2 ** 40, "s": "text é",
                "none": None, "list": [1, [2.5, "x"], (3, 4)], "ordered": OrderedDict(a=torch.ones(2, dtype=torch.float64), b=torch.zeros(0)), "yes": True, "neg": -5, "param": nn.Parameter(torch.ones(2, 2)),
                "size": torch.Size([2, 3]), "dtype": torch.float32, "scalar": torch.tensor(3.25)}, os.path.join(HERE, "saved.pt"))
    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
    torch.save(net.state_dict(), os.path.join(HERE, "state.pt"))

    class Evil:
        def __reduce__(self):
            return (os.system, ("echo owned",))
    torch.save({"x": Evil()}, os.path.join(HERE, "evil.pt"))
    import numpy as np
    np.save(os.path.join(HERE, "array.npy"), np.arange(6, dtype=np.float32).reshape(2, 3))
    np.savez_compressed(os.path.join(HERE, "arrays.npz"), a=np.arange(5), b=np.asfortranarray(np.arange(6.0).reshape(2, 3)))


def volumes():
    for a3 in [dict(kernel_size=2), dict(kernel_size=3, stride=2, padding=1), dict(kernel_size=[2, 3, 2], stride=[1, 2, 2], padding=[1, 1, 0], ceil_mode=True),
               dict(kernel_size=2, stride=1, dilation=2)]:
        full = {"stride": a3["kernel_size"], "padding": 0, "dilation": 1, **a3}
        case("max_pool3d", [R(1, 2, 4, 5, 6)], lambda x: F.max_pool3d(x, return_indices=True, **a3), full)
        if "dilation" not in a3:
            case("avg_pool3d", [R(1, 2, 4, 5, 6)], lambda x: F.avg_pool3d(x, **a3), full)
            case("avg_pool3d", [R(2, 4, 5, 6)], lambda x: F.avg_pool3d(x, count_include_pad=False, **a3), {"exclude": True, **full})
    case("avg_pool3d", [R(1, 2, 4, 4, 4)], lambda x: F.avg_pool3d(x, 2, divisor_override=3), {"kernel_size": 2, "stride": 2, "padding": 0, "dilation": 1, "divisor": 3})
    for sizes in [[2, 3, 2], [1, 1, 1], [3, 2, 4]]:
        case("adaptive_avg_pool3d", [R(1, 2, 3, 4, 5)], lambda x: F.adaptive_avg_pool3d(x, sizes), {"a": sizes})
        case("adaptive_max_pool3d", [R(1, 2, 3, 4, 5)], lambda x: F.adaptive_max_pool3d(x, sizes, return_indices=True), {"a": sizes})
    case("max_pool3d", [torch.full((1, 1, 2, 2, 2), 1.0)], lambda x: F.max_pool3d(x, 2, return_indices=True), {"kernel_size": 2, "stride": 2, "padding": 0, "dilation": 1})
    for kw in [dict(size=[7, 9], mode="bicubic"), dict(size=[3, 2], mode="bicubic"), dict(size=[7, 9], mode="bicubic", align_corners=True), dict(scale_factor=2.0, mode="bicubic"),
               dict(size=[3, 3], mode="area"), dict(size=[7, 3], mode="nearest-exact"), dict(scale_factor=1.5, mode="nearest-exact")]:
        case("interpolate", [R(1, 2, 4, 5)], lambda x: F.interpolate(x, **kw), kw)
    for kw in [dict(size=[4, 2, 6], mode="trilinear"), dict(size=[4, 2, 6], mode="trilinear", align_corners=True), dict(scale_factor=2.0, mode="trilinear"),
               dict(size=[4, 2, 6], mode="nearest"), dict(size=[2, 2, 2], mode="area"), dict(size=[5, 3, 7], mode="nearest-exact")]:
        case("interpolate", [R(1, 2, 3, 3, 4)], lambda x: F.interpolate(x, **kw), kw)
    for kw in [dict(size=[8], mode="area"), dict(size=[8], mode="nearest-exact")]:
        case("interpolate", [R(2, 3, 5)], lambda x: F.interpolate(x, **kw), kw)
    rows = torch.tensor([[3, 1, 2], [1, 5, 0], [3, 1, 2], [1, 4, 9], [1, 5, 0]])
    for d in [0, 1, -1]:
        case("unique_dim", [rows], lambda x: torch.unique(x, return_inverse=True, return_counts=True, dim=d), {"dim": d})
        case("unique_consecutive", [rows.sort(0).values.float()], lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True, dim=d), {"dim": d}, grad=False)
    case("unique_consecutive", [torch.tensor([1, 1, 2, 2, 3, 1, 1, 2])], lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True))


if sys.argv[1:] == ["volumes"]:
    volumes()
    json.dump({"version": torch.__version__, "cases": CASES}, open(os.path.join(HERE, "volumes.json"), "w"))
    print(len(CASES), "cases with PyTorch", torch.__version__)
    sys.exit()
for part in [arithmetic, unary, reductions, products, shapes, layers, losses, errors]:
    part()
json.dump({"version": torch.__version__, "cases": CASES}, open(os.path.join(HERE, "cases.json"), "w"))
random_streams()
printing()
training()
checkpoints()
print(len(CASES), "cases with PyTorch", torch.__version__)
