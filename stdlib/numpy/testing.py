"""Assertions about arrays."""

from _numpy import asarray, isnan
from numpy._statistics import isclose, array_equal


def _report(title, actual, desired, same):
    bad = int((~same).sum())
    share = 100.0 * bad / same.size if same.size else 0.0
    return f"\n{title}\n\nMismatched elements: {bad} / {same.size} ({share:.3g}%)\n ACTUAL: {actual!r}\n DESIRED: {desired!r}"


def _compare(actual, desired, title, test, err_msg):
    actual, desired = asarray(actual), asarray(desired)
    if actual.shape != desired.shape and actual.ndim and desired.ndim:
        raise AssertionError(f"\n{title}\n{err_msg}\n(shapes {actual.shape}, {desired.shape} mismatch)")
    same = asarray(test(actual, desired))
    if not same.all():
        raise AssertionError(_report(title + (f"\n{err_msg}" if err_msg else ""), actual, desired, same))


def assert_array_equal(actual, desired, err_msg="", verbose=True):
    _compare(actual, desired, "Arrays are not equal", lambda a, b: (a == b) | (isnan(a) & isnan(b)), err_msg)


assert_equal = assert_array_equal


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True):
    _compare(actual, desired, f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}", lambda a, b: isclose(a, b, rtol, atol, equal_nan), err_msg)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg="", verbose=True):
    _compare(actual, desired, f"Arrays are not almost equal to {decimal} decimals", lambda a, b: abs(a - b) < 1.5 * 10.0 ** -decimal, err_msg)


def assert_raises(exception, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception:
        return
    raise AssertionError(f"{exception.__name__} not raised")
