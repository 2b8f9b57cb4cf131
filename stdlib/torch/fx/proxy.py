"""What stands for a value while a function is traced: every operation on it becomes a node."""

import _fx
from _fx import _ProxyBase


class TraceError(ValueError):
    """A function does what cannot be traced symbolically."""


def _raise(message):
    raise TraceError(message)


def _function(target, args, kwargs=None):
    return _fx.record("call_function", target, args, kwargs or {})


class _Method:
    """A method looked up on a proxy: recorded when it is called."""

    def __init__(self, proxy, name):
        self._proxy = proxy
        self._name = name

    def __call__(self, *args, **kwargs):
        return _fx.record("call_method", self._name, (self._proxy,) + args, kwargs)


_PROPERTIES = ("shape", "dtype", "device", "ndim", "T", "is_cuda", "requires_grad", "data", "mT")


class Proxy(_ProxyBase):
    def __repr__(self):
        return f"Proxy({self.node.name})"

    def __getattr__(self, name):
        if name in _PROPERTIES:
            return _function("getattr", (self, name))
        if name.startswith("__"):
            raise AttributeError(f"'Proxy' object has no attribute '{name}'")
        return _Method(self, name)

    def __setattr__(self, name, value):
        raise TraceError(f"cannot set the attribute '{name}' of a symbolically traced value")

    def __bool__(self):
        raise TraceError("symbolically traced variables cannot be used as inputs to control flow")

    def __iter__(self):
        raise TraceError(
            "Proxy object cannot be iterated. This can be attempted when the Proxy is used in a loop or as a *args or **kwargs function argument. "
            "See the torch.fx docs on pytorch.org for a more detailed explanation of what types of control flow can be traced, and check out the "
            "Proxy docstring for help troubleshooting Proxy iteration errors"
        )

    def __len__(self):
        raise RuntimeError("'len' is not supported in symbolic tracing by default. If you want this call to be recorded, please call torch.fx.wrap('len') at module scope")

    def __int__(self):
        raise TraceError("symbolically traced variables cannot be converted to int")

    def __float__(self):
        raise TraceError("symbolically traced variables cannot be converted to float")

    def __index__(self):
        raise TraceError("symbolically traced variables cannot be used as an index")

    def __contains__(self, item):
        raise TraceError("symbolically traced variables cannot be searched")

    def __hash__(self):
        return hash(self.node)

    def __getitem__(self, key):
        return _function("operator.getitem", (self, key))

    def __call__(self, *args, **kwargs):
        raise TraceError("symbolically traced values cannot be called")

    def size(self, dim=None):
        return _fx.record("call_method", "size", (self,) if dim is None else (self, dim), {})

    def __neg__(self):
        return _function("operator.neg", (self,))

    def __pos__(self):
        return _function("operator.pos", (self,))

    def __abs__(self):
        return _function("operator.abs", (self,))

    def __invert__(self):
        return _function("operator.invert", (self,))

    def __add__(self, other):
        return _function("operator.add", (self, other))

    def __radd__(self, other):
        return _function("operator.add", (other, self))

    def __iadd__(self, other):
        return _function("operator.iadd", (self, other))

    def __sub__(self, other):
        return _function("operator.sub", (self, other))

    def __rsub__(self, other):
        return _function("operator.sub", (other, self))

    def __mul__(self, other):
        return _function("operator.mul", (self, other))

    def __rmul__(self, other):
        return _function("operator.mul", (other, self))

    def __imul__(self, other):
        return _function("operator.imul", (self, other))

    def __truediv__(self, other):
        return _function("operator.truediv", (self, other))

    def __rtruediv__(self, other):
        return _function("operator.truediv", (other, self))

    def __floordiv__(self, other):
        return _function("operator.floordiv", (self, other))

    def __rfloordiv__(self, other):
        return _function("operator.floordiv", (other, self))

    def __mod__(self, other):
        return _function("operator.mod", (self, other))

    def __pow__(self, other):
        return _function("operator.pow", (self, other))

    def __rpow__(self, other):
        return _function("operator.pow", (other, self))

    def __matmul__(self, other):
        return _function("operator.matmul", (self, other))

    def __rmatmul__(self, other):
        return _function("operator.matmul", (other, self))

    def __and__(self, other):
        return _function("operator.and_", (self, other))

    def __or__(self, other):
        return _function("operator.or_", (self, other))

    def __xor__(self, other):
        return _function("operator.xor", (self, other))

    def __lt__(self, other):
        return _function("operator.lt", (self, other))

    def __le__(self, other):
        return _function("operator.le", (self, other))

    def __gt__(self, other):
        return _function("operator.gt", (self, other))

    def __ge__(self, other):
        return _function("operator.ge", (self, other))

    def __eq__(self, other):
        return _function("operator.eq", (self, other))

    def __ne__(self, other):
        return _function("operator.ne", (self, other))


_fx._set_proxy_class(Proxy)
