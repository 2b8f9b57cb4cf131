"""Switching the recording of gradients on and off."""

import functools

from _torch import _set_grad_enabled, is_grad_enabled


class _GradMode:
    """A context manager and decorator that sets whether operations record gradients."""

    def __enter__(self):
        self.prev = is_grad_enabled()
        _set_grad_enabled(self.mode)

    def __exit__(self, exc_type, exc_value, traceback):
        _set_grad_enabled(self.prev)

    def clone(self):
        return self.__class__()

    def __call__(self, func):
        if isinstance(func, type):
            func.__init__ = self(func.__init__)
            return func

        @functools.wraps(func)
        def decorated(*args, **kwargs):
            with self.clone():
                return func(*args, **kwargs)

        return decorated


class _BareGradMode(_GradMode):
    # `@torch.no_grad` without parentheses decorates too.
    def __new__(cls, orig_func=None):
        if orig_func is None:
            return super().__new__(cls)
        return cls()(orig_func)

    def __init__(self, orig_func=None):
        pass


class no_grad(_BareGradMode):
    """Operations inside record no gradients."""

    mode = False


class enable_grad(_BareGradMode):
    """Operations inside record gradients."""

    mode = True


class set_grad_enabled(_GradMode):
    """Sets whether gradients are recorded: at once, and until the block ends when used with `with`."""

    def __init__(self, mode):
        self.prev = is_grad_enabled()
        self.mode = bool(mode)
        _set_grad_enabled(self.mode)

    def __enter__(self):
        _set_grad_enabled(self.mode)

    def __exit__(self, exc_type, exc_value, traceback):
        _set_grad_enabled(self.prev)

    def __call__(self, func):
        _set_grad_enabled(self.prev)
        return super().__call__(func)

    def clone(self):
        return self.__class__(self.mode)

    def __repr__(self):
        return f"{self.__class__.__module__}.{self.__class__.__name__}(mode={self.mode})"


class inference_mode(_GradMode):
    """As `no_grad`; `inference_mode(False)` records as usual."""

    def __new__(cls, mode=True):
        if isinstance(mode, bool):
            return super().__new__(cls)
        return cls()(mode)

    def __init__(self, mode=True):
        self.inference = mode
        self.mode = not mode

    def __enter__(self):
        self.prev = is_grad_enabled()
        _set_grad_enabled(self.prev and self.mode)

    def clone(self):
        return self.__class__(self.inference)
