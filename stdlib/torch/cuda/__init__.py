"""There is no CUDA device."""


def is_available():
    return False


def device_count():
    return 0


def is_initialized():
    return False


def _refuse():
    raise AssertionError("Torch not compiled with CUDA enabled")


def current_device():
    _refuse()


def get_device_name(device=None):
    _refuse()


def get_device_properties(device=None):
    _refuse()


def set_device(device):
    _refuse()


def synchronize(device=None):
    _refuse()


def empty_cache():
    pass


def manual_seed(seed):
    # Without a device there is nothing to seed, as in PyTorch.
    pass


def manual_seed_all(seed):
    pass


def memory_allocated(device=None):
    return 0


def max_memory_allocated(device=None):
    return 0


def reset_peak_memory_stats(device=None):
    pass


def is_bf16_supported():
    return False


class amp:
    """Mixed precision: on the CPU everything stays in its own dtype."""

    class autocast:
        def __init__(self, enabled=True, dtype=None, cache_enabled=True):
            pass

        def __enter__(self):
            return self

        def __exit__(self, exc_type, exc_value, traceback):
            pass

        def __call__(self, func):
            return func

    class GradScaler:
        """Scales nothing: without a device it is disabled, as in PyTorch."""

        def __init__(self, init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True):
            pass

        def scale(self, outputs):
            return outputs

        def unscale_(self, optimizer):
            pass

        def step(self, optimizer, *args, **kwargs):
            return optimizer.step(*args, **kwargs)

        def update(self, new_scale=None):
            pass

        def is_enabled(self):
            return False

        def get_scale(self):
            return 1.0

        def state_dict(self):
            return {}

        def load_state_dict(self, state_dict):
            pass
