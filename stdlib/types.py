"""Names for the types of the interpreter's own objects, and simple classes."""

import sys

__all__ = [
    "FunctionType", "LambdaType", "MappingProxyType", "GeneratorType",
    "MethodType", "BuiltinFunctionType", "BuiltinMethodType", "ModuleType",
    "SimpleNamespace", "NoneType", "NotImplementedType", "EllipsisType",
    "GenericAlias", "UnionType", "DynamicClassAttribute", "new_class",
    "resolve_bases", "TracebackType",
]


def _sample():
    yield


class _Sample:
    def method(self):
        pass


FunctionType = type(_sample)
LambdaType = FunctionType
GeneratorType = type(_sample())
MethodType = type(_Sample().method)
BuiltinFunctionType = type(len)
BuiltinMethodType = type([].append)
ModuleType = type(sys)
MappingProxyType = type(type.__dict__)
SimpleNamespace = type(sys.implementation)
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
GenericAlias = type(list[int])
UnionType = type(int | str)

try:
    raise TypeError
except TypeError as exc:
    TracebackType = type(exc.__traceback__)


class DynamicClassAttribute:
    """A property on instances; on the class, the attribute is looked up anew."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.__doc__ = doc or getattr(fget, "__doc__", None)
        self.__isabstractmethod__ = bool(getattr(fget, "__isabstractmethod__", False))

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            if self.__isabstractmethod__:
                return self
            raise AttributeError()
        if self.fget is None:
            raise AttributeError("unreadable attribute")
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)


def resolve_bases(bases):
    """The bases with every `__mro_entries__` applied."""
    resolved = []
    for base in bases:
        if isinstance(base, type) or not hasattr(base, "__mro_entries__"):
            resolved.append(base)
            continue
        entries = base.__mro_entries__(bases)
        if not isinstance(entries, tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        resolved.extend(entries)
    return bases if resolved == list(bases) else tuple(resolved)


def new_class(name, bases=(), kwds=None, exec_body=None):
    """Creates a class; `exec_body` fills its namespace."""
    if kwds and "metaclass" in kwds:
        raise TypeError("metaclasses are not supported")
    namespace = {}
    resolved = resolve_bases(bases)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases:
        namespace["__orig_bases__"] = bases
    return type(name, resolved, namespace, **(kwds or {}))
