"""Mixed precision: the engine computes in float32 and float64 only."""

from torch.cuda.amp import GradScaler


class autocast:
    """Does nothing for devices that are absent; half precision on the CPU is refused."""

    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if enabled and device_type == "cpu":
            raise NotImplementedError("autocast on the CPU computes in bfloat16, which is not supported")
        self.enabled = False

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        pass

    def __call__(self, func):
        return func
