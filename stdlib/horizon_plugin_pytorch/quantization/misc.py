"""Process-wide settings, and small services around prepared models."""

import _quantization
from horizon_plugin_pytorch._log import info, warning

_quantization.set_warn(warning)


class QATMode:
    FuseBN = "fuse_bn"
    WithBN = "with_bn"
    WithBNReverseFold = "with_bn_reverse_fold"


class QuantRoundMode:
    HALF_TO_EVEN = "HALF_TO_EVEN"
    BPU_ROUND = "BPU_ROUND"

    @staticmethod
    def get():
        return _quantization.get_rounding()

    @staticmethod
    def set(mode):
        _quantization.set_rounding(mode)


def set_qat_mode(mode):
    """How batch normalisation after convolutions is treated by the next `prepare_qat_fx`."""
    _quantization.set_qat_mode(mode)


def get_qat_mode():
    return _quantization.get_qat_mode()


def set_preserve_qat_mode(model, prefixes=(), types=(), value=True):
    """Keeps modules fake-quantised when the model is converted: all of them, or those below `prefixes` or of `types`."""
    if not prefixes and not types:
        _quantization.set_preserve_qat_mode(model, value)
        return
    for name, module in model.named_modules():
        if any(name == p or name.startswith(p + ".") for p in prefixes) or (types and isinstance(module, tuple(types))):
            _quantization.set_preserve_qat_mode(module, value)


def load_observer_params(from_model, to_model, verbose=False):
    """Copies parameters and quantisation state from one prepared model to another, as far as names agree."""
    source = from_model.state_dict()
    target = to_model.state_dict()
    missing = [name for name in target if name not in source]
    unexpected = [name for name in source if name not in target]
    if missing or unexpected:
        message = (
            f"The state of the models differs, please check their qconfigs: {len(source)} keys in the source, {len(target)} in the target, "
            f"{len(missing)} missing, {len(unexpected)} unexpected"
        )
        if verbose:
            message += f"\nmissing: {missing}\nunexpected: {unexpected}"
        warning(message)
    else:
        info("successfully loaded the observer parameters")
    return to_model.load_state_dict(source, strict=False)
