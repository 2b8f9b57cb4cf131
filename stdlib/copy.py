"""Shallow and deep copies.

Containers are copied here. Other objects say how: by `__copy__` and
`__deepcopy__`, by a `__reduce_ex__` or `__reduce__` of their class, or, plain
instances, through their `__dict__` and slots.
"""

__all__ = ["Error", "copy", "deepcopy"]


class Error(Exception):
    pass


error = Error


def _some_function():
    pass


_ATOMIC = frozenset({
    type(None), int, float, bool, str, bytes, type, range, type(Ellipsis),
    type(NotImplemented), type(_some_function), type(len), property,
})
_IMMUTABLE = _ATOMIC | {tuple, frozenset, slice}


def copy(x):
    """A shallow copy of `x`."""
    cls = type(x)
    if cls in _IMMUTABLE or issubclass(cls, type):
        return x
    if cls in (list, dict, set, bytearray):
        return x.copy()
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    reduced = _reduce(x, cls, Error("un(shallow)copyable object of type %s" % cls))
    if isinstance(reduced, str):
        return x
    return _rebuild(x, None, *reduced)


def deepcopy(x, memo=None, _nil=[]):
    """A copy of `x` and, recursively, of everything it holds."""
    cls = type(x)
    if cls in _ATOMIC:
        return x
    if memo is None:
        memo = {}
    key = id(x)
    found = memo.get(key, _nil)
    if found is not _nil:
        return found
    if cls is list:
        y = []
        memo[key] = y
        for item in x:
            y.append(deepcopy(item, memo))
    elif cls is dict:
        y = {}
        memo[key] = y
        for k, v in x.items():
            y[deepcopy(k, memo)] = deepcopy(v, memo)
    elif cls is tuple:
        y = _deepcopy_tuple(x, memo)
    elif issubclass(cls, type):
        y = x
    elif cls is _MethodType:
        y = _MethodType(x.__func__, deepcopy(x.__self__, memo))
    else:
        copier = getattr(x, "__deepcopy__", None)
        if copier is not None:
            y = copier(memo)
        else:
            reduced = _reduce(x, cls, Error("un(deep)copyable object of type %s" % cls))
            y = x if isinstance(reduced, str) else _rebuild(x, memo, *reduced)
    if y is not x:
        memo[key] = y
        _keep_alive(x, memo)
    return y


class _Method:
    def method(self):
        pass


_MethodType = type(_Method().method)


def _keep_alive(x, memo):
    # The ids in the memo must stay taken while the copy runs.
    try:
        memo[id(memo)].append(x)
    except KeyError:
        memo[id(memo)] = [x]


def _deepcopy_tuple(x, memo):
    items = [deepcopy(item, memo) for item in x]
    # A tuple that contains itself through a list was copied on the way.
    if id(x) in memo:
        return memo[id(x)]
    for old, new in zip(x, items):
        if old is not new:
            return tuple(items)
    return x


def _reduce(x, cls, failure):
    """(constructor, arguments[, state[, items[, pairs]]]) of any other object."""
    for name in ("__reduce_ex__", "__reduce__"):
        method = getattr(cls, name, None)
        if method is not None and method is not getattr(object, name, None):
            return method(x, 4) if name == "__reduce_ex__" else method(x)
    return _reduce_instance(x, cls)


def _reduce_instance(x, cls):
    if isinstance(x, BaseException):
        return cls, x.args, x.__dict__ or None
    if cls is frozenset:
        return cls, (list(x),)
    if cls.__module__ == "builtins" or cls.__name__ == "module":
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    args = ()
    kwargs = {}
    if hasattr(cls, "__getnewargs_ex__"):
        args, kwargs = x.__getnewargs_ex__()
    elif hasattr(cls, "__getnewargs__"):
        args = x.__getnewargs__()
    else:
        for base in (int, float, str, bytes, tuple, frozenset, set):
            if isinstance(x, base):
                args = (base(x),)
                break
    items = iter(x) if isinstance(x, list) else None
    pairs = iter(x.items()) if isinstance(x, dict) else None

    def create(*given):
        return cls.__new__(cls, *given, **kwargs)

    return create, args, _state_of(x, cls), items, pairs


def _state_of(x, cls):
    getter = getattr(cls, "__getstate__", None)
    if getter is not None and getter is not getattr(object, "__getstate__", None):
        return x.__getstate__()
    slots = {}
    for base in cls.__mro__:
        names = base.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name in ("__dict__", "__weakref__"):
                continue
            if name.startswith("__") and not name.endswith("__"):
                name = f"_{base.__name__.lstrip('_')}{name}"
            if hasattr(x, name):
                slots[name] = getattr(x, name)
    state = getattr(x, "__dict__", None) or None
    return (state, slots) if slots else state


def _rebuild(x, memo, func, args, state=None, items=None, pairs=None):
    deep = memo is not None
    if deep and args:
        args = [deepcopy(arg, memo) for arg in args]
    y = func(*args)
    if deep:
        memo[id(x)] = y
    if state is not None:
        if deep:
            state = deepcopy(state, memo)
        if hasattr(y, "__setstate__"):
            y.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            if state is not None:
                y.__dict__.update(state)
            if slots is not None:
                for key, value in slots.items():
                    # Frozen classes refuse setattr on themselves.
                    object.__setattr__(y, key, value)
    if items is not None:
        for item in items:
            y.append(deepcopy(item, memo) if deep else item)
    if pairs is not None:
        for key, value in pairs:
            if deep:
                key, value = deepcopy(key, memo), deepcopy(value, memo)
            y[key] = value
    return y
