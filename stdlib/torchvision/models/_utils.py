"""What the networks share."""


def _make_divisible(v, divisor, min_value=None):
    """The nearest multiple of `divisor`, not below `min_value`, and not more than a tenth below `v`."""
    if min_value is None:
        min_value = divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


def no_weights(weights, pretrained=False):
    """Trained weights are not shipped and not fetched."""
    if weights is not None or pretrained:
        raise ValueError(
            "pretrained weights are not available here: build the model without weights, then load a checkpoint with "
            "model.load_state_dict(torch.load(path))")
