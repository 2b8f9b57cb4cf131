"""Checking every gradient for NaN."""

from _torch import _set_anomaly_enabled, is_anomaly_enabled


class set_detect_anomaly:
    """Sets whether backward checks gradients: at once, and until the block ends when used with `with`."""

    def __init__(self, mode, check_nan=True):
        self.prev = is_anomaly_enabled()
        _set_anomaly_enabled(mode)

    def __enter__(self):
        pass

    def __exit__(self, *exc_info):
        _set_anomaly_enabled(self.prev)


class detect_anomaly:
    """Backward inside the block checks gradients."""

    def __init__(self, check_nan=True):
        self.prev = is_anomaly_enabled()

    def __enter__(self):
        self.prev = is_anomaly_enabled()
        _set_anomaly_enabled(True)

    def __exit__(self, *exc_info):
        _set_anomaly_enabled(self.prev)
