"""Errors of numpy's own."""


class AxisError(ValueError, IndexError):
    """An axis that the array does not have."""


class ComplexWarning(RuntimeWarning):
    """A complex number lost its imaginary part."""


class VisibleDeprecationWarning(UserWarning):
    """A use that will stop working."""
