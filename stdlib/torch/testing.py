"""Comparing results."""

from _torch import Tensor, float64, is_tensor, promote_types, tensor

_TOLERANCES = {"torch.float32": (1.3e-6, 1e-5), "torch.float64": (1e-7, 1e-7)}


def _default_tolerances(*dtypes):
    found = [_TOLERANCES.get(str(dtype), (0.0, 0.0)) for dtype in dtypes]
    return max(rtol for rtol, _ in found), max(atol for _, atol in found)


def assert_close(
    actual, expected, *, allow_subclasses=True, rtol=None, atol=None, equal_nan=False, check_device=True, check_dtype=True, check_layout=True,
    check_stride=False, msg=None,
):
    """Raises AssertionError, with the greatest differences, unless all elements are close."""
    if (rtol is None) != (atol is None):
        raise ValueError(f"rtol and atol must both be specified or both be unspecified, but got rtol={rtol} and atol={atol}.")
    _compare(actual, expected, "", rtol, atol, equal_nan, check_dtype, check_stride, msg)


def _fail(default, msg):
    if callable(msg):
        raise AssertionError(msg(default))
    raise AssertionError(default if msg is None else msg)


def _compare(actual, expected, where, rtol, atol, equal_nan, check_dtype, check_stride, msg):
    suffix = f"\n\nThe failure occurred for item {where}" if where else ""
    if isinstance(actual, dict) and isinstance(expected, dict):
        if set(actual) != set(expected):
            _fail(f"The keys of the mappings do not match:\nMissing keys in the actual mapping: {sorted(set(expected) - set(actual))}\n"
                  f"Additional keys in the actual mapping: {sorted(set(actual) - set(expected))}{suffix}", msg)
        for key in sorted(actual):
            _compare(actual[key], expected[key], f"{where}[{key!r}]", rtol, atol, equal_nan, check_dtype, check_stride, msg)
        return
    if isinstance(actual, (list, tuple)) and isinstance(expected, (list, tuple)):
        if len(actual) != len(expected):
            _fail(f"The length of the sequences mismatch: {len(actual)} != {len(expected)}{suffix}", msg)
        for index, (a, b) in enumerate(zip(actual, expected)):
            _compare(a, b, f"{where}[{index}]", rtol, atol, equal_nan, check_dtype, check_stride, msg)
        return
    scalars = not is_tensor(actual) and not is_tensor(expected)
    if not scalars and is_tensor(actual) != is_tensor(expected):
        raise TypeError(f"No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}.")
    a, b = _as_tensor(actual), _as_tensor(expected)
    if a.shape != b.shape:
        _fail(f"The values for attribute 'shape' do not match: {a.shape} != {b.shape}.{suffix}", msg)
    if check_dtype and not scalars and a.dtype != b.dtype:
        _fail(f"The values for attribute 'dtype' do not match: {a.dtype} != {b.dtype}.{suffix}", msg)
    if check_stride and a.stride() != b.stride():
        _fail(f"The values for attribute 'stride()' do not match: {a.stride()} != {b.stride()}.{suffix}", msg)
    if rtol is None:
        rtol, atol = _default_tolerances(a.dtype, b.dtype)
    common = promote_types(a.dtype, b.dtype)
    a, b = a.detach().to(common), b.detach().to(common)
    close = a.isclose(b, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if bool(close.all()):
        return
    _fail(_difference(a, b, close, rtol, atol, scalars) + suffix, msg)


def _as_tensor(value):
    # Numbers are compared as Python keeps them: floats have 64 bits.
    if is_tensor(value):
        return value
    return tensor(value, dtype=float64) if isinstance(value, float) else tensor(value)


def _difference(a, b, close, rtol, atol, scalars):
    exact = rtol == 0 and atol == 0
    if scalars:
        diff = abs(a.item() - b.item())
        kind = "Scalars are not equal!" if exact else "Scalars are not close!"
        lines = [kind, "", f"Expected {b.item()} but got {a.item()}."]
        relative = diff / abs(b.item()) if b.item() != 0 else float("inf")
        if exact:
            lines += [f"Absolute difference: {diff}", f"Relative difference: {relative}"]
        else:
            lines += [f"Absolute difference: {diff} (up to {atol} allowed)", f"Relative difference: {relative} (up to {rtol} allowed)"]
        return "\n".join(lines)
    import torch

    count = close.numel()
    wrong = count - int(close.sum())
    a, b = a.double().reshape(-1), b.double().reshape(-1)
    matching = close.reshape(-1)
    absolute = (a - b).abs().masked_fill(matching, 0.0)
    relative = ((a - b).abs() / b.abs()).masked_fill(matching, 0.0)
    place_abs, place_rel = int(absolute.argmax()), int(relative.argmax())

    def index(flat):
        position = []
        for size in reversed(close.shape):
            position.append(flat % size)
            flat //= size
        return tuple(reversed(position))

    kind = "Tensor-likes are not equal!" if exact else "Tensor-likes are not close!"
    if close.dim() == 0:
        lines = [kind.replace("Tensor-likes", "Scalars"), "", f"Expected {b[0].item()} but got {a[0].item()}."]
        at = ("", "")
    else:
        lines = [kind, "", f"Mismatched elements: {wrong} / {count} ({wrong / count:.1%})"]
        at = (f" at index {index(place_abs)}", f" at index {index(place_rel)}")
    word = "Greatest absolute" if close.dim() else "Absolute"
    other = "Greatest relative" if close.dim() else "Relative"
    allowed = ("", "") if exact else (f" (up to {atol} allowed)", f" (up to {rtol} allowed)")
    lines.append(f"{word} difference: {absolute[place_abs].item()}{at[0]}{allowed[0]}")
    lines.append(f"{other} difference: {relative[place_rel].item()}{at[1]}{allowed[1]}")
    return "\n".join(lines)
