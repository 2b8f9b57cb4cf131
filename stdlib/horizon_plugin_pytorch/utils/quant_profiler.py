"""What to look at when a quantised model loses accuracy: where it departs from the float model, which values are extreme, how it is configured.

Every function takes the models of the usual flow: a float `nn.Module`, a prepared model, or a converted one. Layers are compared by their names after
fusion. Tables are printed, and written to `out_dir` where one is given.
"""

import copy
import os

import _fx
import _quantization
import torch

METRICS = ("Cosine", "MSE", "L1", "SQNR", "KL")


def _graph_model(model):
    """The model as a graph of fused layers: float models are traced and fused, without quantizers."""
    if isinstance(model, _fx.GraphModule):
        return model
    from horizon_plugin_pytorch.quantization.fx import fuse_fx

    training = model.training
    graph_model = fuse_fx(copy.deepcopy(model))
    return graph_model.train() if training else graph_model.eval()


def _inputs(example_inputs):
    if isinstance(example_inputs, (list, tuple)):
        return tuple(example_inputs)
    return (example_inputs,)


def _text(headers, rows):
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(header)] + [len(row[i]) for row in cells]) for i, header in enumerate(headers)]
    line = "  ".join("-" * width for width in widths)
    body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join(["  ".join(header.ljust(width) for header, width in zip(headers, widths)).rstrip(), line] + body)


def _report(text, out_dir, name):
    print(text)
    if out_dir is not None:
        os.makedirs(out_dir, exist_ok=True)
        with open(os.path.join(out_dir, name), "w") as file:
            file.write(text + "\n")


def similarity(a, b, metric="Cosine"):
    """How near `b` is to `a`: Cosine and SQNR (in dB) are larger, MSE, L1 and KL are smaller the nearer."""
    if metric not in METRICS:
        raise ValueError(f"unknown similarity '{metric}', expected one of {', '.join(METRICS)}")
    a = a.detach().flatten().double()
    b = b.detach().flatten().double()
    if a.numel() != b.numel():
        raise ValueError(f"tensors of {a.numel()} and {b.numel()} elements cannot be compared")
    if metric == "Cosine":
        norms = a.norm().item() * b.norm().item()
        if norms == 0:
            return 1.0 if a.norm().item() == b.norm().item() else 0.0
        return (a @ b).item() / norms
    error = a - b
    if metric == "MSE":
        return error.square().mean().item()
    if metric == "L1":
        return error.abs().mean().item()
    if metric == "SQNR":
        noise = error.square().sum().item()
        signal = a.square().sum().item()
        if noise == 0:
            return float("inf")
        return float("-inf") if signal == 0 else 10 * torch.tensor(signal / noise).log10().item()
    p = a.softmax(0)
    return (p * (p.log() - b.log_softmax(0))).sum().item()


def _worse_first(metric):
    return metric in ("MSE", "L1", "KL")


def get_raw_features(model, example_inputs):
    """The result of every operation in one pass: `[(name, operation, tensor of floats, scale or None)]`."""
    graph_model = _graph_model(model)
    with torch.no_grad():
        rows = _quantization.feature_maps(graph_model, _inputs(example_inputs))
    return [(path or node, kind, tensor, scale) for node, path, kind, tensor, scale in rows]


def featuremap_similarity(model1, model2, inputs, similarity_func="Cosine", threshold=None, devices=None, out_dir=None):
    """Compares the results of all layers of two models on the same inputs; prints them in order, then the worst first.

    Returns `[[index, layer, operation, similarity, scale, greatest error, greatest error in steps of the scale]]`.
    """
    first = {name: (kind, tensor) for name, kind, tensor, _ in get_raw_features(model1, inputs)}
    custom = callable(similarity_func)
    metric = getattr(similarity_func, "__name__", "custom") if custom else similarity_func
    rows = []
    for name, kind, tensor, scale in get_raw_features(model2, inputs):
        if name not in first or first[name][1].shape != tensor.shape or not tensor.is_floating_point():
            continue
        reference = first[name][1]
        value = similarity_func(reference, tensor) if custom else similarity(reference, tensor, metric)
        greatest = (reference - tensor).abs().max().item() if tensor.numel() else 0.0
        step = scale.max().item() if scale is not None else None
        rows.append([len(rows), name, kind, float(value), step, greatest, None if step is None else greatest / step])
    if not rows:
        raise ValueError("the models have no layers of the same names and shapes: compare models made from the same float model")

    def shown(items):
        return [
            [i, name, kind, f"{value:.7f}", "" if step is None else f"{step:.7f}", f"{greatest:.7f}", "" if steps is None else f"{steps:.2f}"]
            for i, name, kind, value, step, greatest, steps in items
        ]

    headers = ["index", "layer", "operation", metric, "scale", "max error", "in steps"]
    ordered = sorted(rows, key=lambda row: row[3], reverse=_worse_first(metric))
    text = _text(headers, shown(rows)) + "\n\nworst first\n" + _text(headers, shown(ordered))
    if threshold is not None:
        below = [row[1] for row in ordered if (row[3] > threshold if _worse_first(metric) else row[3] < threshold)]
        text += f"\n\nbeyond the threshold {threshold}: {', '.join(below) if below else 'none'}"
    _report(text, out_dir, "similarity.txt")
    if out_dir is not None:
        _plot([row[3] for row in rows], [row[1] for row in rows], metric, os.path.join(out_dir, "similarity.svg"))
    return rows


def _plot(values, names, metric, path):
    """A line over the layers as SVG; the names appear as titles of the points."""
    finite = [v for v in values if v == v and v not in (float("inf"), float("-inf"))]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    span = (high - low) or 1.0
    width, height, left, top = 900, 320, 70, 30

    def place(i, value):
        value = min(max(value, low), high) if value == value else low
        x = left + i * (width - left - 20) / max(len(values) - 1, 1)
        return x, top + (high - value) / span * (height - top - 40)

    points = [place(i, value) for i, value in enumerate(values)]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">']
    parts.append(f'<rect width="{width}" height="{height}" fill="white"/><text x="{left}" y="18">{metric} of the layers</text>')
    for value in (low, high):
        y = place(0, value)[1]
        parts.append(f'<line x1="{left}" x2="{width - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/><text x="4" y="{y + 4:.1f}">{value:.5g}</text>')
    parts.append('<polyline fill="none" stroke="#1f77b4" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + '"/>')
    for (x, y), name, value in zip(points, names, values):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f77b4"><title>{name}: {value:.6g}</title></circle>')
    with open(path, "w") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")


def profile_featuremap(featuremap, with_tensorboard=False, tensorboard_dir=None, print_per_channel_scale=False, show_per_channel=False, out_dir=None):
    """Minimum, maximum, mean, variance and scale of each result of `get_raw_features`; NaN and infinity are listed."""
    rows = []
    broken = []
    for name, kind, tensor, scale in featuremap:
        if not tensor.is_floating_point() or tensor.numel() == 0:
            continue
        if not bool(torch.isfinite(tensor).all()):
            broken.append(name)
        step = "" if scale is None else f"{scale.max().item():.7f}"
        variance = tensor.var().item() if tensor.numel() > 1 else 0.0
        rows.append([len(rows), name, kind, f"{tensor.min().item():.6f}", f"{tensor.max().item():.6f}", f"{tensor.mean().item():.6f}", f"{variance:.6f}", step])
    text = _text(["index", "layer", "operation", "min", "max", "mean", "var", "scale"], rows)
    if broken:
        text += "\n\nnot finite: " + ", ".join(broken)
    _report(text, out_dir, "statistic.txt")
    return rows


def _weights(model):
    """Float weights by layer, as the model uses them: fake-quantised where it has a weight quantizer."""
    found = {}
    for name, module in model.named_modules():
        weight = getattr(module, "weight", None)
        if not isinstance(weight, torch.Tensor) or weight.dim() < 2:
            continue
        quantizer = getattr(module, "weight_fake_quant", None)
        scale = getattr(module, "weight_scale", None) if quantizer is None else quantizer.scale
        found[name] = (_rounded(weight.detach(), scale.detach()), scale) if scale is not None else (weight.detach(), None)
    return found


def _rounded(weight, scale):
    sizes = [1] * weight.dim()
    axis = 0 if scale.numel() == weight.shape[0] else 1
    if scale.numel() > 1:
        sizes[axis] = scale.numel()
    scale = scale.reshape(sizes)
    return (weight / scale + 0.5).floor().clamp(-128, 127) * scale


def compare_weights(float_model, qat_quantized_model, similarity_func="Cosine", with_tensorboard=False, tensorboard_dir=None, out_dir=None):
    """The similarity of each layer's weight, worst first: `[[layer, similarity, greatest error, scale's maximum]]`."""
    first = _weights(_graph_model(float_model))
    rows = []
    for name, (weight, scale) in _weights(_graph_model(qat_quantized_model)).items():
        if name in first and first[name][0].shape == weight.shape:
            reference = first[name][0]
            step = None if scale is None else scale.max().item()
            rows.append([name, similarity(reference, weight, similarity_func), (reference - weight).abs().max().item(), step])
    rows.sort(key=lambda row: row[1], reverse=_worse_first(similarity_func))
    shown = [[name, f"{value:.7f}", f"{greatest:.7f}", "" if step is None else f"{step:.7f}"] for name, value, greatest, step in rows]
    _report(_text(["layer", similarity_func, "max error", "scale"], shown), out_dir, "weight_comparison.txt")
    return rows


def check_qconfig(model, example_inputs=None, prefixes=(), types=(), custom_check_func=None, out_dir=None):
    """How each layer is quantised, and settings that deserve a look: layers left float, 32-bit results, fixed scales."""
    rows = []
    remarks = []
    for path, kind, quantized, activation, weight, observer, fixed in _quantization.describe(model):
        rows.append([path, kind, activation or ("float" if not quantized else "qint32" if weight else "-"), weight or "", observer or "", "fixed" if fixed else ""])
        if not quantized and kind != "DeQuantStub":
            remarks.append(f"{path} ({kind}) is not quantised")
        elif activation is None and weight is not None:
            remarks.append(f"{path} ({kind}) gives 32-bit results")
        elif activation == "qint16":
            remarks.append(f"{path} ({kind}) gives 16-bit results")
        if fixed and kind != "QuantStub":
            remarks.append(f"{path} ({kind}) has a scale that is not observed")
    text = _text(["layer", "operation", "result", "weight", "observer", "scale"], rows)
    text += "\n\nremarks\n" + ("\n".join(remarks) if remarks else "none")
    _report(text, out_dir, "qconfig_info.txt")
    return rows


def check_unfused_operations(model, example_inputs=None, print_tabulate=True):
    """Normalisations and rectifiers that stand alone in the graph: `[(layer, operation)]`."""
    graph_model = _graph_model(model)
    modules = dict(graph_model.named_modules())
    found = []
    for node in graph_model.graph.nodes:
        if node.op == "call_module":
            kind = modules[node.target]._get_name()
            if kind.startswith("BatchNorm") or kind in ("ReLU", "ReLU6"):
                found.append((node.target, kind))
        elif node.op in ("call_function", "call_method") and node.target.split(".")[-1] in ("relu", "relu6", "add", "batch_norm"):
            found.append((node.name, node.target))
    if print_tabulate:
        print(_text(["layer", "operation"], found) if found else "every operation that can be fused is fused")
    return found


def get_module_called_count(model, example_inputs=None, check_leaf_module=None, print_tabulate=True):
    """How often each layer is called in one pass; layers called never or several times are hazards for scales."""
    graph_model = _graph_model(model)
    counts = {}
    for node in graph_model.graph.nodes:
        if node.op == "call_module":
            counts[node.target] = counts.get(node.target, 0) + 1
    for name, module in graph_model.named_modules():
        if name and not list(module.children()) and name not in counts and module._get_name() not in ("Identity",) and "fake_quant" not in name and "activation_post_process" not in name:
            counts[name] = 0
    if print_tabulate:
        print(_text(["layer", "calls"], [[name, count] for name, count in counts.items() if count != 1]))
    return counts


def sensitivity(model, example_inputs, metric="SQNR", top=None, out_dir=None):
    """Quantises one layer at a time and measures how far the result moves from the float result; the most harmful layers come first.

    `model` is a calibrated or trained prepared model. Returns `[[layer, operation, similarity]]` and suggests layers to raise to 16 bits.
    """
    inputs = _inputs(example_inputs)
    model = copy.deepcopy(model).eval()
    quantizers = {}
    for name, module in model.named_modules():
        if module._get_name() == "FakeQuantize":
            quantizers.setdefault(name.rpartition(".")[0], []).append(module)
            _quantization.set_flags(module, False, False)
    kinds = {path: kind for path, kind, *_ in _quantization.describe(model)}
    rows = []
    _quantization.set_fake_quantize_enabled(True)
    with torch.no_grad():
        reference = model(*inputs)
        for path, members in quantizers.items():
            for quantizer in members:
                _quantization.set_flags(quantizer, True, None)
            rows.append([path, kinds.get(path, ""), similarity(reference, model(*inputs), metric)])
            for quantizer in members:
                _quantization.set_flags(quantizer, False, None)
    rows.sort(key=lambda row: row[2], reverse=_worse_first(metric))
    shown = rows if top is None else rows[:top]
    text = _text(["layer", "operation", metric], [[path, kind, f"{value:.5f}"] for path, kind, value in shown])
    worst = [row[0] for row in rows[: max(1, len(rows) // 20)]]
    text += "\n\nto try: 16-bit results for " + ", ".join(worst)
    _report(text, out_dir, "sensitivity.txt")
    return rows


def model_profiler(model1, model2, example_inputs, mode="FvsQ", out_dir=None, kwargs_dict=None):
    """All the reports above for a pair of models; `out_dir` gets the tables and an HTML page of them."""
    print(f"comparison {mode}")
    results = {
        "similarity": featuremap_similarity(model1, model2, example_inputs, out_dir=out_dir),
        "statistic": profile_featuremap(get_raw_features(model2, example_inputs), out_dir=out_dir),
        "weights": compare_weights(model1, model2, out_dir=out_dir),
        "calls": get_module_called_count(model2, example_inputs),
    }
    if _quantization.describe(model2):
        results["qconfig"] = check_qconfig(model2, out_dir=out_dir)
    results["unfused"] = check_unfused_operations(model2, example_inputs)
    if out_dir is not None:
        _page(out_dir, mode)
    return results


def _page(out_dir, mode):
    parts = [f"<!doctype html><meta charset='utf-8'><title>model profiler {mode}</title><h1>Model profiler: {mode}</h1>"]
    for name in ("similarity.svg", "similarity.txt", "statistic.txt", "weight_comparison.txt", "qconfig_info.txt"):
        path = os.path.join(out_dir, name)
        if os.path.exists(path):
            with open(path) as file:
                content = file.read()
            escaped = content if name.endswith(".svg") else "<pre>" + content.replace("&", "&amp;").replace("<", "&lt;") + "</pre>"
            parts.append(f"<h2>{name.split('.')[0]}</h2>{escaped}")
    with open(os.path.join(out_dir, "profiler.html"), "w") as file:
        file.write("\n".join(parts))
