"""Tools that work on functions and other callables."""

from _functools import _lru_cache_wrapper, cmp_to_key, partial, reduce

__all__ = [
    "update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES",
    "total_ordering", "cache", "cmp_to_key", "lru_cache", "reduce", "partial",
    "partialmethod", "singledispatch", "singledispatchmethod", "cached_property",
]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__",
                       "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Makes `wrapper` look like the function it wraps."""
    for attr in assigned:
        try:
            value = getattr(wrapped, attr)
        except AttributeError:
            continue
        setattr(wrapper, attr, value)
    for attr in updated:
        getattr(wrapper, attr).update(getattr(wrapped, attr, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """A decorator that applies `update_wrapper` to the function it decorates."""
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)
    return decorate


# total_ordering: each derived operator as a formula over a defined one -------

def _derived(op_name, root, formula, doc_root):
    def compare(self, other):
        result = getattr(type(self), root)(self, other)
        if result is NotImplemented:
            return result
        return formula(result, self, other)
    compare.__name__ = op_name
    compare.__qualname__ = op_name
    compare.__doc__ = doc_root
    return compare


def _and_ne(result, self, other):
    return result and self != other


def _or_eq(result, self, other):
    return result or self == other


def _not(result, self, other):
    return not result


def _not_and_ne(result, self, other):
    return not result and self != other


def _not_or_eq(result, self, other):
    return not result or self == other


_ORDERINGS = {
    "__lt__": (("__gt__", _not_and_ne), ("__le__", _or_eq), ("__ge__", _not)),
    "__le__": (("__ge__", _not_or_eq), ("__lt__", _and_ne), ("__gt__", _not)),
    "__gt__": (("__lt__", _not_and_ne), ("__ge__", _or_eq), ("__le__", _not)),
    "__ge__": (("__le__", _not_or_eq), ("__gt__", _and_ne), ("__lt__", _not)),
}


def total_ordering(cls):
    """Fills in the missing ordering methods from the one a class defines."""
    roots = [op for op in _ORDERINGS
             if getattr(cls, op, None) is not getattr(object, op, None)]
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    # Prefer __lt__, then __le__, __gt__, __ge__.
    root = next(op for op in ("__lt__", "__le__", "__gt__", "__ge__") if op in roots)
    for name, formula in _ORDERINGS[root]:
        if name not in roots:
            setattr(cls, name, _derived(name, root, formula, None))
    return cls


# caches ----------------------------------------------------------------------

_cache_info_type = None


def lru_cache(maxsize=128, typed=False):
    """Keeps the results of the most recent calls, keyed by the arguments."""
    global _cache_info_type
    if _cache_info_type is None:
        from collections import namedtuple
        _cache_info_type = namedtuple(
            "CacheInfo", ["hits", "misses", "maxsize", "currsize"], module="functools")

    if isinstance(maxsize, int):
        if maxsize < 0:
            maxsize = 0
    elif callable(maxsize) and isinstance(typed, bool):
        # Used as a bare decorator, without parentheses.
        return _cached(maxsize, 128, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")

    def decorate(user_function):
        return _cached(user_function, maxsize, typed)
    return decorate


def _cached(user_function, maxsize, typed):
    wrapper = _lru_cache_wrapper(user_function, maxsize, typed, _cache_info_type)
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return update_wrapper(wrapper, user_function)


def cache(user_function, /):
    """An unbounded cache: `lru_cache(maxsize=None)`."""
    return lru_cache(maxsize=None)(user_function)


_MISSING = object()


class cached_property:
    """A property computed once per instance and kept in its `__dict__`."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                "Cannot assign the same cached_property to two different names "
                f"({self.attrname!r} and {name!r}).")

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = self.attrname
        if name is None:
            raise TypeError(
                "Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            kept = instance.__dict__
        except AttributeError:
            raise TypeError(
                f"No '__dict__' attribute on {type(instance).__name__!r} "
                f"instance to cache {name!r} property.") from None
        value = kept.get(name, _MISSING)
        if value is _MISSING:
            value = self.func(instance)
            kept[name] = value
        return value

    __class_getitem__ = classmethod(type(list[int]))


# partialmethod ---------------------------------------------------------------

class partialmethod:
    """Like `partial`, for use as a method."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        if isinstance(func, partialmethod):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __repr__(self):
        args = ", ".join(map(repr, self.args))
        keywords = ", ".join(f"{k}={v!r}" for k, v in self.keywords.items())
        cls = self.__class__
        return f"{cls.__module__}.{cls.__qualname__}({self.func}, {args}, {keywords})"

    def _make_unbound_method(self):
        def _method(cls_or_self, /, *args, **keywords):
            return self.func(cls_or_self, *self.args, *args,
                             **{**self.keywords, **keywords})
        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method._partialmethod = self
        return _method

    def __get__(self, obj, cls=None):
        get = getattr(self.func, "__get__", None)
        if get is not None:
            bound = get(obj, cls)
            if bound is not self.func:
                result = partial(bound, *self.args, **self.keywords)
                try:
                    result.__self__ = bound.__self__
                except AttributeError:
                    pass
                return result
        return self._make_unbound_method().__get__(obj, cls)

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)

    __class_getitem__ = classmethod(type(list[int]))


# singledispatch --------------------------------------------------------------

def _attached_virtual_bases(base, mro, registry):
    """Registered abstract classes that `base` is the first in its line to satisfy."""
    found = []
    for candidate in registry:
        if candidate in mro or not issubclass(base, candidate):
            continue
        if any(issubclass(b, candidate) for b in base.__bases__):
            continue
        found.append(candidate)
    return [c for c in found
            if not any(d is not c and issubclass(d, c) for d in found)]


def _find_implementation(cls, registry):
    mro = cls.__mro__
    for base in mro:
        if base in registry and base is not object:
            return registry[base]
        attached = _attached_virtual_bases(base, mro, registry)
        if len(attached) > 1:
            raise RuntimeError(f"Ambiguous dispatch: {attached[0]} or {attached[1]}")
        if attached:
            return registry[attached[0]]
    return registry.get(object)


def _union_members(cls):
    """The classes of a Union or `A | B`, or None."""
    import types
    if isinstance(cls, types.UnionType):
        return cls.__args__
    if getattr(cls, "__origin__", None) is not None:
        from typing import Union, get_args, get_origin
        if get_origin(cls) is Union:
            return get_args(cls)
    return None


def _is_plain_class(cls):
    return isinstance(cls, type) and not isinstance(cls, type(list[int]))


def _is_dispatch_type(cls):
    if _is_plain_class(cls):
        return True
    members = _union_members(cls)
    return members is not None and all(_is_plain_class(m) for m in members)


def _annotated_class(func):
    annotations = getattr(func, "__annotations__", {})
    if not annotations:
        raise TypeError(
            f"Invalid first argument to `register()`: {func!r}. "
            "Use either `@register(some_class)` or plain `@register` "
            "on an annotated function.")
    from typing import get_type_hints
    argname, cls = next(iter(get_type_hints(func).items()))
    if not _is_dispatch_type(cls):
        if _union_members(cls) is not None:
            raise TypeError(f"Invalid annotation for {argname!r}. "
                            f"{cls!r} not all arguments are classes.")
        raise TypeError(f"Invalid annotation for {argname!r}. {cls!r} is not a class.")
    return cls


def singledispatch(func):
    """A generic function that picks its implementation by the first argument's type."""
    registry = {}
    chosen = {}
    token = [None]
    funcname = getattr(func, "__name__", "singledispatch function")

    def dispatch(cls):
        from abc import get_cache_token
        current = get_cache_token()
        if token[0] != current:
            chosen.clear()
            token[0] = current
        try:
            return chosen[cls]
        except KeyError:
            pass
        impl = registry[cls] if cls in registry else _find_implementation(cls, registry)
        chosen[cls] = impl
        return impl

    def register(cls, func=None):
        if _is_dispatch_type(cls):
            if func is None:
                return lambda f: register(cls, f)
        else:
            if func is not None:
                raise TypeError(f"Invalid first argument to `register()`. "
                                f"{cls!r} is not a class or union type.")
            func = cls
            cls = _annotated_class(func)
        members = _union_members(cls)
        for member in (cls,) if members is None else members:
            registry[member] = func
        chosen.clear()
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{funcname} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **kw)

    registry[object] = func
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = type(type.__dict__)(registry)
    wrapper._clear_cache = chosen.clear
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    """A generic method; dispatches on the first argument after `self`."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def _method(*args, **kwargs):
            method = self.dispatcher.dispatch(args[0].__class__)
            return method.__get__(obj, cls)(*args, **kwargs)
        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method.register = self.register
        update_wrapper(_method, self.func)
        return _method

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)
