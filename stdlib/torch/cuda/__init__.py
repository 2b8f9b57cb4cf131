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


def __getattr__(name):
    if name == "amp":
        import importlib

        return importlib.import_module("torch.cuda.amp")
    raise AttributeError(f"module 'torch.cuda' has no attribute '{name}'")
