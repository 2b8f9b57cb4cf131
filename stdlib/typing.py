"""Type hints: objects that can be subscripted, compared and printed; nothing is enforced.

The aliases of collections.abc are made when first asked for, so that
importing this module stays cheap.
"""

import sys
from abc import _abstract_names

_BuiltinAlias = type(list[int])
_UnionType = type(int | str)
_FunctionType = type(lambda: None)

TYPE_CHECKING = False

__all__ = [
    "Annotated", "Any", "Callable", "ClassVar", "Concatenate", "Final", "ForwardRef",
    "Generic", "Literal", "Optional", "ParamSpec", "Protocol", "Tuple", "Type",
    "TypeVar", "TypeVarTuple", "Union", "AbstractSet", "ByteString", "Container",
    "ContextManager", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView",
    "Mapping", "MappingView", "MutableMapping", "MutableSequence", "MutableSet",
    "Sequence", "Sized", "ValuesView", "Reversible", "SupportsAbs", "SupportsBytes",
    "SupportsFloat", "SupportsIndex", "SupportsInt", "SupportsRound", "ChainMap",
    "Counter", "Deque", "Dict", "DefaultDict", "List", "OrderedDict", "Set",
    "FrozenSet", "NamedTuple", "TypedDict", "Generator", "BinaryIO", "IO", "Match",
    "Pattern", "TextIO", "AnyStr", "assert_never", "assert_type", "cast",
    "clear_overloads", "dataclass_transform", "final", "get_args", "get_origin",
    "get_overloads", "get_type_hints", "is_typeddict", "LiteralString", "Never",
    "NewType", "no_type_check", "no_type_check_decorator", "NoReturn", "NotRequired",
    "overload", "ParamSpecArgs", "ParamSpecKwargs", "Required", "reveal_type",
    "runtime_checkable", "Self", "Text", "TYPE_CHECKING", "TypeAlias", "TypeGuard",
    "Unpack",
]


# Text and checks of arguments ---------------------------------------------------

def _type_repr(obj):
    if isinstance(obj, type) and not isinstance(obj, _BuiltinAlias):
        if obj.__module__ == "builtins":
            return obj.__qualname__
        return f"{obj.__module__}.{obj.__qualname__}"
    if obj is ...:
        return "..."
    if isinstance(obj, _FunctionType):
        return obj.__name__
    return repr(obj)


def _type_check(arg, message, allow_special=False):
    """A legal type for a hint: None becomes NoneType, text a ForwardRef."""
    if arg is None:
        return type(None)
    if isinstance(arg, str):
        return ForwardRef(arg)
    if not allow_special and isinstance(arg, _GenericAlias) and arg.__origin__ in (
            ClassVar, Final):
        raise TypeError(f"{arg} is not valid as type argument")
    if arg in (Any, LiteralString, NoReturn, Never, Self, TypeAlias) or isinstance(
            arg, (type, TypeVar, ForwardRef)):
        return arg
    if arg is Generic or arg is Protocol or isinstance(arg, _SpecialForm):
        raise TypeError(f"Plain {arg} is not valid as type argument")
    if type(arg) is tuple:
        raise TypeError(f"{message} Got {arg!r:.100}.")
    return arg


def _parameters_of(args):
    """The type variables inside the arguments, in order of appearance."""
    found = []
    for arg in args:
        if isinstance(arg, (TypeVar, ParamSpec, TypeVarTuple)):
            inner = (arg,)
        elif isinstance(arg, (tuple, list)):
            inner = _parameters_of(arg)
        elif isinstance(arg, type) and not isinstance(arg, _BuiltinAlias):
            continue
        else:
            inner = getattr(arg, "__parameters__", ())
        for param in inner:
            if param not in found:
                found.append(param)
    return tuple(found)


def _unique(items):
    result = []
    for item in items:
        if item not in result:
            result.append(item)
    return result


def _check_count(cls, args, expected):
    if len(args) != expected:
        word = "many" if len(args) > expected else "few"
        raise TypeError(f"Too {word} arguments for {cls}; "
                        f"actual {len(args)}, expected {expected}")


def _substitute(arg, mapping):
    """`arg` with type variables replaced; lists of parameters stay lists."""
    if isinstance(arg, (TypeVar, ParamSpec, TypeVarTuple)):
        return mapping.get(arg, arg)
    if isinstance(arg, (tuple, list)):
        return tuple([_substitute(a, mapping) for a in arg])
    if isinstance(arg, type) and not isinstance(arg, _BuiltinAlias):
        return arg
    params = getattr(arg, "__parameters__", ())
    if not params:
        return arg
    return arg[tuple([mapping.get(p, p) for p in params])]


# Special forms ------------------------------------------------------------------

class _Form:
    """What special forms and aliases share: no subclassing, `|`, immutability."""

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class _SpecialForm(_Form):
    """A name such as `Union`; `subscript` makes what `Union[...]` is."""

    def __init__(self, name, subscript=None, doc=None):
        self._name = name
        self._subscript = subscript
        self.__doc__ = doc

    def __getattr__(self, name):
        if name in ("__name__", "__qualname__"):
            return self._name
        raise AttributeError(name)

    @property
    def __module__(self):
        return "typing"

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass {self!r}")

    def __repr__(self):
        return "typing." + self._name

    def __reduce__(self):
        return self._name

    def __call__(self, *args, **kwds):
        raise TypeError(f"Cannot instantiate {self!r}")

    def __instancecheck__(self, obj):
        raise TypeError(f"{self} cannot be used with isinstance()")

    def __subclasscheck__(self, cls):
        raise TypeError(f"{self} cannot be used with issubclass()")

    def __getitem__(self, parameters):
        if self._subscript is None:
            raise TypeError(f"{self} is not subscriptable")
        return self._subscript(self, parameters)


class Any:
    """A type compatible with every other."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError("Any cannot be instantiated")
        return super().__new__(cls)

    def __class_repr__(cls):
        if cls is Any:
            return "typing.Any"
        return f"<class '{cls.__module__}.{cls.__qualname__}'>"

    def __class_instancecheck__(cls, obj):
        if cls is Any:
            raise TypeError("typing.Any cannot be used with isinstance()")
        return False


def _one_type(form, parameters):
    item = _type_check(parameters, f"{form} accepts only single type.", True)
    return _GenericAlias(form, (item,))


def _make_union(form, parameters):
    if parameters == ():
        raise TypeError("Cannot take a Union of no types.")
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    message = "Union[arg, ...]: each arg must be a type."
    flat = []
    for p in parameters:
        p = _type_check(p, message)
        if isinstance(p, (_UnionAlias, _UnionType)):
            flat.extend(p.__args__)
        else:
            flat.append(p)
    flat = tuple(_unique(flat))
    if len(flat) == 1:
        return flat[0]
    return _UnionAlias(Union, flat, name="Union")


def _make_optional(form, parameters):
    arg = _type_check(parameters, f"{form} requires a single type.")
    return Union[arg, type(None)]


def _make_literal(form, parameters):
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    flat = []
    for p in parameters:
        if isinstance(p, _LiteralAlias):
            flat.extend(p.__args__)
        else:
            flat.append(p)
    kept = []
    for value in flat:
        if not any(type(value) is type(k) and value == k for k in kept):
            kept.append(value)
    return _LiteralAlias(form, tuple(kept))


def _make_concatenate(form, parameters):
    if parameters == ():
        raise TypeError("Cannot take a Concatenate of no types.")
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    if not (parameters[-1] is ... or isinstance(parameters[-1], ParamSpec)):
        raise TypeError("The last parameter to Concatenate should be a "
                        "ParamSpec variable or ellipsis.")
    return _ConcatenateGenericAlias(form, parameters)


Union = _SpecialForm("Union", _make_union)
Optional = _SpecialForm("Optional", _make_optional)
Literal = _SpecialForm("Literal", _make_literal)
ClassVar = _SpecialForm("ClassVar", _one_type)
Final = _SpecialForm("Final", _one_type)
TypeGuard = _SpecialForm("TypeGuard", _one_type)
Required = _SpecialForm("Required", _one_type)
NotRequired = _SpecialForm("NotRequired", _one_type)
Unpack = _SpecialForm("Unpack", _one_type)
Concatenate = _SpecialForm("Concatenate", _make_concatenate)
NoReturn = _SpecialForm("NoReturn")
Never = _SpecialForm("Never")
Self = _SpecialForm("Self")
LiteralString = _SpecialForm("LiteralString")
TypeAlias = _SpecialForm("TypeAlias")


class ForwardRef(_Form):
    """A type given as text."""

    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError(f"Forward reference must be a string -- got {arg!r}")
        self.__forward_arg__ = arg
        self.__forward_module__ = module

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        return (self.__forward_arg__ == other.__forward_arg__
                and self.__forward_module__ == other.__forward_module__)

    def __hash__(self):
        return hash((self.__forward_arg__, self.__forward_module__))

    def __call__(self):
        raise TypeError("a ForwardRef is not a function")

    def __repr__(self):
        return f"ForwardRef({self.__forward_arg__!r})"


# Type variables -------------------------------------------------------------------

def _caller_module():
    caller = sys._caller(2)
    return caller[2] if caller else None


class TypeVar(_Form):
    """A type variable, `T = TypeVar('T')`."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        self.__name__ = name
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        message = "TypeVar(name, constraint, ...): constraints must be types."
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__constraints__ = tuple(_type_check(t, message) for t in constraints)
        self.__bound__ = None if bound is None else _type_check(bound, "Bound must be a type.")
        module = _caller_module()
        if module != "typing":
            self.__module__ = module

    def __typing_subst__(self, arg):
        return _type_check(arg, "Parameters to generic types must be types.")

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass an instance of TypeVar")

    def __repr__(self):
        sign = "+" if self.__covariant__ else "-" if self.__contravariant__ else "~"
        return sign + self.__name__


class ParamSpecArgs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __eq__(self, other):
        return isinstance(other, ParamSpecArgs) and self.__origin__ == other.__origin__

    def __hash__(self):
        return hash((ParamSpecArgs, self.__origin__))

    def __repr__(self):
        return f"{self.__origin__.__name__}.args"


class ParamSpecKwargs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __eq__(self, other):
        return isinstance(other, ParamSpecKwargs) and self.__origin__ == other.__origin__

    def __hash__(self):
        return hash((ParamSpecKwargs, self.__origin__))

    def __repr__(self):
        return f"{self.__origin__.__name__}.kwargs"


class ParamSpec(_Form):
    """A variable that stands for a list of parameters."""

    def __init__(self, name, *, bound=None, covariant=False, contravariant=False):
        self.__name__ = name
        self.__bound__ = bound
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        module = _caller_module()
        if module != "typing":
            self.__module__ = module

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)

    def __call__(self):
        raise TypeError("a ParamSpec is not a function")

    def __repr__(self):
        sign = "+" if self.__covariant__ else "-" if self.__contravariant__ else "~"
        return sign + self.__name__


class TypeVarTuple(_Form):
    """A variable that stands for any number of types."""

    def __init__(self, name):
        self.__name__ = name
        module = _caller_module()
        if module != "typing":
            self.__module__ = module

    def __iter__(self):
        yield Unpack[self]

    def __call__(self):
        raise TypeError("a TypeVarTuple is not a function")

    def __repr__(self):
        return self.__name__


# Aliases -------------------------------------------------------------------------

class _GenericAlias(_Form):
    """A subscripted form or class: an origin and its arguments."""

    def __init__(self, origin, args, *, name=None, inst=True):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__parameters__ = _parameters_of(self.__args__)
        self._name = name
        self._inst = inst
        if name is None and not isinstance(origin, _SpecialForm):
            self.__module__ = origin.__module__

    def __getattr__(self, attr):
        if attr in ("__origin__", "__args__") or attr[:2] == "__" and attr[-2:] == "__" \
                and attr not in ("__name__", "__qualname__", "__doc__"):
            raise AttributeError(attr)
        if attr in ("__name__", "__qualname__"):
            return self._name or self.__origin__.__name__
        return getattr(self.__origin__, attr)

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __getitem__(self, args):
        if self.__origin__ in (Generic, Protocol):
            raise TypeError(f"Cannot subscript already-subscripted {self}")
        if not self.__parameters__:
            raise TypeError(f"{self} is not a generic class")
        if not isinstance(args, tuple):
            args = (args,)
        params = self.__parameters__
        if len(params) == 1 and isinstance(params[0], ParamSpec) and not (
                len(args) == 1 and (isinstance(args[0], (list, tuple)) or args[0] is ...
                                    or isinstance(args[0], (ParamSpec, _GenericAlias)))):
            args = (tuple(args),)
        if not any(isinstance(p, TypeVarTuple) for p in params):
            _check_count(self, args, len(params))
        message = "Parameters to generic types must be types."
        checked = [_type_check(a, message) if isinstance(p, TypeVar) else
                   tuple(a) if isinstance(a, list) else a
                   for p, a in zip(params, args)]
        return self._with_args(_substituted(self.__args__, dict(zip(params, checked))))

    def _with_args(self, args):
        if self.__origin__ is Union:
            return Union[args]
        return self.__class__(self.__origin__, args, name=self._name, inst=self._inst)

    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError(f"Type {self._name} cannot be instantiated; use "
                            f"{self.__origin__.__name__}() instead")
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except AttributeError:
            pass
        return result

    def __mro_entries__(self, bases):
        if isinstance(self.__origin__, _SpecialForm):
            raise TypeError(f"Cannot subclass {self!r}")
        if self._name:
            return _alias_bases(self, bases)
        if self.__origin__ is Generic:
            if Protocol in bases:
                return ()
            later = bases[bases.index(self) + 1:]
            if any(isinstance(b, _GenericAlias) and b is not self for b in later):
                return ()
        return (self.__origin__,)

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        raise TypeError("Subscripted generics cannot be used with class and instance checks")

    def __repr__(self):
        if self._name:
            name = "typing." + self._name
        else:
            name = _type_repr(self.__origin__)
        if self.__args__:
            shown = ", ".join(_type_repr(a) for a in self.__args__)
        else:
            shown = "()"
        return f"{name}[{shown}]"

    def __iter__(self):
        yield Unpack[self]


def _substituted(args, mapping):
    """The arguments after substitution; a variable tuple unfolds in place."""
    result = []
    for arg in args:
        new = _substitute(arg, mapping)
        if isinstance(arg, ParamSpec) and isinstance(new, tuple):
            result.extend(new)
        else:
            result.append(new)
    return tuple(result)


def _alias_bases(alias, bases):
    entries = [] if alias.__origin__ in bases else [alias.__origin__]
    later = bases[bases.index(alias) + 1:]
    if not any(isinstance(b, (_GenericAlias, _NamedAlias)) or
               isinstance(b, type) and issubclass(b, Generic) for b in later):
        entries.append(Generic)
    return tuple(entries)


class _UnionAlias(_GenericAlias):
    def __eq__(self, other):
        if not isinstance(other, (_UnionAlias, _UnionType)):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __call__(self, *args, **kwargs):
        raise TypeError(f"Cannot instantiate {Union!r}")

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass {self!r}")

    def __repr__(self):
        args = self.__args__
        if len(args) == 2:
            if args[0] is type(None):
                return f"typing.Optional[{_type_repr(args[1])}]"
            if args[1] is type(None):
                return f"typing.Optional[{_type_repr(args[0])}]"
        return super().__repr__()

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        return any(issubclass(cls, arg) for arg in self.__args__)


class _LiteralAlias(_GenericAlias):
    def __init__(self, origin, args, *, name=None, inst=True):
        super().__init__(origin, args, name=name, inst=inst)
        self.__parameters__ = ()

    def _typed(self):
        return {(value, type(value)) for value in self.__args__}

    def __eq__(self, other):
        if not isinstance(other, _LiteralAlias):
            return NotImplemented
        return self._typed() == other._typed()

    def __hash__(self):
        return hash(frozenset(self._typed()))

    def __repr__(self):
        return f"typing.Literal[{', '.join(repr(a) for a in self.__args__)}]"


class _ConcatenateGenericAlias(_GenericAlias):
    pass


class _CallableGenericAlias(_GenericAlias):
    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and (args[0] is ... or isinstance(args[0], (
                ParamSpec, _ConcatenateGenericAlias))):
            params = _type_repr(args[0])
        else:
            params = "[" + ", ".join(_type_repr(a) for a in args[:-1]) + "]"
        return f"typing.Callable[{params}, {_type_repr(args[-1])}]"


class _NamedAlias(_Form):
    """`List`, `Mapping`, …: the alias of a runtime class, not yet subscripted.

    `count` is how many parameters the class takes; -1 means any number.
    """

    def __init__(self, origin, count, name, inst=False):
        self.__origin__ = origin
        self._count = count
        self._name = name
        self._inst = inst
        self.__doc__ = f"A generic version of {origin.__module__}.{origin.__qualname__}."
        self.__module__ = "typing"

    def __getattr__(self, attr):
        if attr in ("__name__", "__qualname__"):
            return self._name
        if attr[:2] == "__" and attr[-2:] == "__":
            raise AttributeError(attr)
        return getattr(self.__origin__, attr)

    def __getitem__(self, params):
        if self._name == "Tuple":
            return self._tuple(params)
        if self._name == "Callable":
            return self._callable(params)
        if not isinstance(params, tuple):
            params = (params,)
        if self._count == 0:
            raise TypeError(f"{self} is not a generic class")
        message = "Parameters to generic types must be types."
        params = tuple(_type_check(p, message) for p in params)
        _check_count(self, params, self._count)
        return _GenericAlias(self.__origin__, params, name=self._name, inst=self._inst)

    def _tuple(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        if len(params) >= 2 and params[-1] is ...:
            message = "Tuple[t, ...]: t must be a type."
            params = tuple(_type_check(p, message) for p in params[:-1]) + (...,)
        else:
            message = "Tuple[t0, t1, ...]: each t must be a type."
            params = tuple(_type_check(p, message) for p in params)
        return _GenericAlias(tuple, params, name="Tuple", inst=False)

    def _callable(self, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        result = _type_check(result, "Callable[args, result]: result must be a type.")
        if isinstance(args, (list, tuple)):
            message = "Callable[[arg, ...], result]: each arg must be a type."
            args = tuple(_type_check(a, message) for a in args)
        elif args is ... or isinstance(args, (ParamSpec, _ConcatenateGenericAlias)):
            args = (args,)
        else:
            args = (_type_check(args, "Callable[[arg, ...], result]: each arg must be a type."),)
        return _CallableGenericAlias(self.__origin__, args + (result,), name="Callable",
                                     inst=False)

    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError(f"Type {self._name} cannot be instantiated; use "
                            f"{self.__origin__.__name__}() instead")
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return _alias_bases(self, bases)

    def __instancecheck__(self, obj):
        return isinstance(obj, self.__origin__)

    def __subclasscheck__(self, cls):
        if isinstance(cls, _NamedAlias):
            return issubclass(cls.__origin__, self.__origin__)
        if isinstance(cls, _GenericAlias):
            raise TypeError("Subscripted generics cannot be used with"
                            " class and instance checks")
        return issubclass(cls, self.__origin__)

    def __reduce__(self):
        return self._name

    def __repr__(self):
        return "typing." + self._name


List = _NamedAlias(list, 1, "List")
Dict = _NamedAlias(dict, 2, "Dict")
Set = _NamedAlias(set, 1, "Set")
FrozenSet = _NamedAlias(frozenset, 1, "FrozenSet")
Tuple = _NamedAlias(tuple, -1, "Tuple")
Type = _NamedAlias(type, 1, "Type")

# name: (module, class, number of parameters, may be called)
_LAZY_ALIASES = {
    "Hashable": ("collections.abc", "Hashable", 0, False),
    "Sized": ("collections.abc", "Sized", 0, False),
    "ByteString": ("collections.abc", "ByteString", 0, False),
    "Iterable": ("collections.abc", "Iterable", 1, False),
    "Iterator": ("collections.abc", "Iterator", 1, False),
    "Reversible": ("collections.abc", "Reversible", 1, False),
    "Container": ("collections.abc", "Container", 1, False),
    "Collection": ("collections.abc", "Collection", 1, False),
    "Callable": ("collections.abc", "Callable", 2, False),
    "AbstractSet": ("collections.abc", "Set", 1, False),
    "MutableSet": ("collections.abc", "MutableSet", 1, False),
    "Mapping": ("collections.abc", "Mapping", 2, False),
    "MutableMapping": ("collections.abc", "MutableMapping", 2, False),
    "Sequence": ("collections.abc", "Sequence", 1, False),
    "MutableSequence": ("collections.abc", "MutableSequence", 1, False),
    "MappingView": ("collections.abc", "MappingView", 1, False),
    "KeysView": ("collections.abc", "KeysView", 1, False),
    "ItemsView": ("collections.abc", "ItemsView", 2, False),
    "ValuesView": ("collections.abc", "ValuesView", 1, False),
    "Generator": ("collections.abc", "Generator", 3, False),
    "ContextManager": ("contextlib", "AbstractContextManager", 1, False),
    "Deque": ("collections", "deque", 1, True),
    "DefaultDict": ("collections", "defaultdict", 2, True),
    "OrderedDict": ("collections", "OrderedDict", 2, True),
    "Counter": ("collections", "Counter", 1, True),
    "ChainMap": ("collections", "ChainMap", 2, True),
    "Pattern": ("re", "Pattern", 1, False),
    "Match": ("re", "Match", 1, False),
}


def __getattr__(name):
    entry = _LAZY_ALIASES.get(name)
    if entry is None:
        raise AttributeError(f"module 'typing' has no attribute '{name}'")
    module, cls, count, inst = entry
    if module == "collections.abc":
        import collections.abc as source
    elif module == "contextlib":
        import contextlib as source
    elif module == "re":
        import re as source
    else:
        import collections as source
    alias = _NamedAlias(getattr(source, cls), count, name, inst)
    globals()[name] = alias
    return alias


class Annotated:
    """A type with metadata, `Annotated[int, 'metres']`."""

    def __new__(cls, *args, **kwargs):
        raise TypeError("Type Annotated cannot be instantiated.")

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple) or len(params) < 2:
            raise TypeError("Annotated[...] should be used "
                            "with at least two arguments (a type and an annotation).")
        origin = _type_check(params[0], "Annotated[t, ...]: t must be a type.", True)
        return _AnnotatedAlias(origin, params[1:])


class _AnnotatedAlias(_GenericAlias):
    def __init__(self, origin, metadata):
        if isinstance(origin, _AnnotatedAlias):
            metadata = origin.__metadata__ + tuple(metadata)
            origin = origin.__origin__
        super().__init__(origin, (origin,), name="Annotated")
        self.__metadata__ = tuple(metadata)

    def _with_args(self, args):
        return _AnnotatedAlias(args[0], self.__metadata__)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __eq__(self, other):
        if not isinstance(other, _AnnotatedAlias):
            return NotImplemented
        return (self.__origin__ == other.__origin__
                and self.__metadata__ == other.__metadata__)

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))

    def __repr__(self):
        metadata = ", ".join(repr(a) for a in self.__metadata__)
        return f"typing.Annotated[{_type_repr(self.__origin__)}, {metadata}]"


# Generic classes ------------------------------------------------------------------

class Generic:
    """Base of classes with type parameters, `class Box(Generic[T])`."""

    __slots__ = ()
    _is_protocol = False

    @classmethod
    def __class_getitem__(cls, params):
        if not isinstance(params, tuple):
            params = (params,)
        if cls in (Generic, Protocol):
            if not params:
                raise TypeError(f"Parameter list to {cls.__qualname__}[...] cannot be empty")
            params = tuple([p.__args__[0] if isinstance(p, _GenericAlias)
                            and p.__origin__ is Unpack else p for p in params])
            if not all(isinstance(p, (TypeVar, ParamSpec, TypeVarTuple)) for p in params):
                raise TypeError(f"Parameters to {cls.__name__}[...] must all be type variables "
                                "or parameter specification variables.")
            if len(set(params)) != len(params):
                raise TypeError(f"Parameters to {cls.__name__}[...] must all be unique")
        else:
            expected = getattr(cls, "__parameters__", ())
            if not expected:
                raise TypeError(f"{cls} is not a generic class")
            if len(expected) == 1 and isinstance(expected[0], ParamSpec) and not (
                    len(params) == 1 and isinstance(params[0], (list, tuple))):
                params = (params,)
            if not any(isinstance(p, TypeVarTuple) for p in expected):
                _check_count(cls, params, len(expected))
            message = "Parameters to generic types must be types."
            params = tuple([tuple(p) if isinstance(p, (list, tuple)) else
                            p if p is ... else _type_check(p, message) for p in params])
        return _GenericAlias(cls, params)

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        original = cls.__dict__.get("__orig_bases__", ())
        if original and Generic in original or (
                not original and Generic in cls.__bases__ and cls.__name__ != "Protocol"):
            raise TypeError("Cannot inherit from plain Generic")
        found = list(_parameters_of(original))
        declared = None
        for base in original:
            if isinstance(base, _GenericAlias) and base.__origin__ in (Generic, Protocol):
                if declared is not None and base.__origin__ is Generic:
                    raise TypeError("Cannot inherit from Generic[...] multiple types.")
                declared = base.__parameters__
        if declared is not None:
            missing = [p for p in found if p not in declared]
            if missing:
                raise TypeError(
                    f"Some type variables ({', '.join(str(p) for p in missing)}) are not listed "
                    f"in Generic[{', '.join(str(p) for p in declared)}]")
            found = declared
        cls.__parameters__ = tuple(found)


_PROTOCOL_INTERNALS = frozenset({
    "_abc_impl", "__abstractmethods__", "__annotations__", "__dict__", "__doc__",
    "__init__", "__module__", "__new__", "__slots__", "__subclasshook__",
    "__weakref__", "__class_getitem__", "__parameters__", "__orig_bases__",
    "__orig_class__", "_is_protocol", "_is_runtime_protocol", "__qualname__",
    "__match_args__", "__static_attributes__", "__firstlineno__",
})


def _no_init(self, *args, **kwargs):
    if type(self)._is_protocol:
        raise TypeError("Protocols cannot be instantiated")


def _protocol_members(cls):
    names = set()
    for base in cls.__mro__[:-1]:
        if base in (Protocol, Generic):
            continue
        for name in [*base.__dict__, *base.__dict__.get("__annotations__", {})]:
            if not name.startswith("_abc_") and name not in _PROTOCOL_INTERNALS:
                names.add(name)
    return names


class Protocol(Generic):
    """Base of structural types: any object with the members conforms."""

    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls)
        if "_is_protocol" not in cls.__dict__:
            cls._is_protocol = any(b is Protocol for b in cls.__bases__)
        if not cls._is_protocol:
            return
        for base in cls.__bases__:
            if base not in (object, Generic) and not getattr(base, "_is_protocol", False) \
                    and base.__module__ not in ("collections.abc", "contextlib"):
                raise TypeError("Protocols can only inherit from other protocols, "
                                f"got {base!r}")
        if cls.__init__ is Protocol.__init__:
            cls.__init__ = _no_init

    def __class_instancecheck__(cls, instance):
        if not cls.__dict__.get("_is_protocol", False):
            return False
        _require_runtime(cls)
        for name in _protocol_members(cls):
            if not hasattr(instance, name):
                return False
            if callable(getattr(cls, name, None)) and getattr(instance, name) is None:
                return False
        return True

    def __class_subclasscheck__(cls, subclass):
        if not cls.__dict__.get("_is_protocol", False):
            return False
        _require_runtime(cls)
        members = _protocol_members(cls)
        if not all(callable(getattr(cls, name, None)) for name in members):
            raise TypeError("Protocols with non-method members don't support issubclass()")
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        for name in members:
            for base in subclass.__mro__:
                if name in base.__dict__:
                    if base.__dict__[name] is None:
                        return False
                    break
            else:
                return False
        return True


def _require_runtime(cls):
    if not getattr(cls, "_is_runtime_protocol", False):
        raise TypeError("Instance and class checks can only be used with "
                        "@runtime_checkable protocols")


def runtime_checkable(cls):
    """Allows isinstance() with a protocol."""
    if not (isinstance(cls, type) and issubclass(cls, Generic)) or not cls._is_protocol:
        raise TypeError("@runtime_checkable can be only applied to protocol classes, "
                        f"got {cls!r}")
    cls._is_runtime_protocol = True
    return cls


def _supports(name, method, doc):
    def protocol_method(self):
        pass

    protocol_method.__name__ = method
    protocol_method.__isabstractmethod__ = True
    cls = type(name, (Protocol,), {
        "__module__": "typing", "__doc__": doc, "__slots__": (), method: protocol_method})
    return runtime_checkable(cls)


SupportsInt = _supports("SupportsInt", "__int__", "Has `__int__`.")
SupportsFloat = _supports("SupportsFloat", "__float__", "Has `__float__`.")
SupportsBytes = _supports("SupportsBytes", "__bytes__", "Has `__bytes__`.")
SupportsIndex = _supports("SupportsIndex", "__index__", "Has `__index__`.")
SupportsAbs = _supports("SupportsAbs", "__abs__", "Has `__abs__`.")
SupportsRound = _supports("SupportsRound", "__round__", "Has `__round__`.")

T = TypeVar("T")
KT = TypeVar("KT")
VT = TypeVar("VT")
AnyStr = TypeVar("AnyStr", bytes, str)
Text = str


class IO(Generic[AnyStr]):
    """What `open()` returns, for hints."""
    __slots__ = ()


class TextIO(IO[str]):
    """What `open()` returns in text mode, for hints."""
    __slots__ = ()


class BinaryIO(IO[bytes]):
    """What `open()` returns in binary mode, for hints."""
    __slots__ = ()


# NamedTuple and TypedDict ----------------------------------------------------------

class _NamedTupleBase(tuple):
    """Turns the annotations of a subclass into the fields of a named tuple."""

    __slots__ = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if _NamedTupleBase not in cls.__bases__:
            return
        body = cls.__dict__
        annotations = body.get("__annotations__", {})
        fields = tuple(annotations)
        defaults = {}
        for name in fields:
            if name in body:
                defaults[name] = body[name]
            elif defaults:
                with_default = list(defaults)
                raise TypeError(
                    f"Non-default namedtuple field {name} cannot follow default field"
                    f"{'s' if len(with_default) > 1 else ''} {', '.join(with_default)}")
        for name in ("__new__", "__init__", "__getnewargs__", "_fields", "_field_defaults",
                     "_make", "_replace", "_asdict"):
            if name in body:
                raise AttributeError(f"Cannot overwrite NamedTuple attribute {name}")
        from collections import _check_names, _namedtuple_namespace
        _check_names(cls.__name__, list(fields), False)
        has_doc = body.get("__doc__") is not None
        for name, value in _namedtuple_namespace(cls.__name__, fields, defaults).items():
            if name == "__slots__" or name == "__doc__" and has_doc:
                continue
            if name in fields or name not in body or name == "__doc__":
                setattr(cls, name, value)


class _NamedTuple:
    """`class Point(NamedTuple): x: int`, or `NamedTuple('Point', [('x', int)])`."""

    __name__ = "NamedTuple"
    __qualname__ = "NamedTuple"
    __module__ = "typing"

    def __mro_entries__(self, bases):
        if len(bases) > 1 and not all(
                b is self or isinstance(b, _GenericAlias) and b.__origin__ is Generic
                for b in bases):
            raise TypeError("can only inherit from a NamedTuple type and Generic")
        return (_NamedTupleBase,)

    def __call__(self, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = kwargs.items()
        elif kwargs:
            raise TypeError("Either list of fields or keywords"
                            " can be provided to NamedTuple, not both")
        message = "field annotation must be a type"
        types = {n: _type_check(t, f"field {n} annotation must be a type") for n, t in fields}
        from collections import namedtuple
        caller = sys._caller(1)
        result = namedtuple(typename, list(types), module=caller[2] if caller else None)
        result.__annotations__ = result.__new__.__annotations__ = types
        return result


NamedTuple = _NamedTuple()


class _TypedDictBase(dict):
    """Records the keys of a TypedDict class; its instances are plain dicts."""

    def __init_subclass__(cls, *, total=True, **kwargs):
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("__annotations__", {})
        annotations = {}
        required = set()
        optional = set()
        for base in cls.__bases__:
            annotations.update(base.__dict__.get("__annotations__", {}))
            required.update(base.__dict__.get("__required_keys__", ()))
            optional.update(base.__dict__.get("__optional_keys__", ()))
        message = "TypedDict('Name', {f0: t0, f1: t1, ...}); each t must be a type"
        for name, annotation in own.items():
            annotation = _type_check(annotation, message, True)
            annotations[name] = annotation
            origin = getattr(annotation, "__origin__", None)
            if origin is Required or origin is not NotRequired and total:
                required.add(name)
            else:
                optional.add(name)
        cls.__annotations__ = annotations
        cls.__required_keys__ = frozenset(required)
        cls.__optional_keys__ = frozenset(optional)
        cls.__total__ = total

    def __class_call__(cls, *args, **kwargs):
        return dict(*args, **kwargs)

    def __class_instancecheck__(cls, instance):
        raise TypeError("TypedDict does not support instance and class checks")

    def __class_subclasscheck__(cls, subclass):
        raise TypeError("TypedDict does not support instance and class checks")


class _TypedDict:
    """`class Movie(TypedDict): name: str`, or `TypedDict('Movie', {'name': str})`."""

    __name__ = "TypedDict"
    __qualname__ = "TypedDict"
    __module__ = "typing"

    def __mro_entries__(self, bases):
        return (_TypedDictBase,)

    def __call__(self, typename, fields=None, /, *, total=True, **kwargs):
        if fields is None:
            fields = kwargs
        elif kwargs:
            raise TypeError("TypedDict takes either a dict or keyword arguments,"
                            " but not both")
        namespace = {"__annotations__": dict(fields)}
        caller = sys._caller(1)
        if caller:
            namespace["__module__"] = caller[2]
        return type(typename, (_TypedDictBase,), namespace, total=total)


TypedDict = _TypedDict()


def is_typeddict(tp):
    """True if the annotation is a TypedDict class."""
    return isinstance(tp, type) and hasattr(tp, "__total__") and tp.__mro__[-3:-2] != () \
        and _TypedDictBase in tp.__mro__


# Functions --------------------------------------------------------------------------

def cast(typ, val):
    """Returns `val` unchanged."""
    return val


def assert_type(val, typ, /):
    """Returns `val` unchanged."""
    return val


def reveal_type(obj, /):
    """Prints the runtime type of `obj` to stderr and returns it."""
    print(f"Runtime type is {type(obj).__name__!r}", file=sys.stderr)
    return obj


def assert_never(arg, /):
    """Raises: reaching the call shows that a case was forgotten."""
    value = repr(arg)
    if len(value) > 100:
        value = value[:100] + "..."
    raise AssertionError(f"Expected code to be unreachable, but got: {value}")


def _overload_dummy(*args, **kwds):
    raise NotImplementedError(
        "You should not call an overloaded function. "
        "A series of @overload-decorated functions "
        "outside a stub module should always be followed "
        "by an implementation that is not @overload-ed.")


_overloads = {}


def overload(func):
    """Marks one signature of an overloaded function."""
    func = getattr(func, "__func__", func)
    _overloads.setdefault((func.__module__, func.__qualname__), []).append(func)
    return _overload_dummy


def get_overloads(func):
    """The overloads that were defined for `func`."""
    func = getattr(func, "__func__", func)
    return list(_overloads.get((func.__module__, func.__qualname__), ()))


def clear_overloads():
    """Forgets every recorded overload."""
    _overloads.clear()


def final(f):
    """Marks a method or class that must not be overridden."""
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def no_type_check(arg):
    """Marks annotations that are not type hints."""
    try:
        arg.__no_type_check__ = True
    except TypeError:
        pass
    return arg


def no_type_check_decorator(decorator):
    """Gives a decorator the effect of `no_type_check`."""
    def wrapped(*args, **kwds):
        return no_type_check(decorator(*args, **kwds))
    return wrapped


def dataclass_transform(*, eq_default=True, order_default=False, kw_only_default=False,
                        field_specifiers=(), **kwargs):
    """Marks something that acts like `dataclass`."""
    def decorate(cls_or_fn):
        cls_or_fn.__dataclass_transform__ = {
            "eq_default": eq_default, "order_default": order_default,
            "kw_only_default": kw_only_default, "field_specifiers": field_specifiers,
            "kwargs": kwargs}
        return cls_or_fn
    return decorate


class NewType(_Form):
    """A distinct name for a type, `UserId = NewType('UserId', int)`."""

    def __init__(self, name, tp):
        self.__qualname__ = name
        self.__name__ = name.rpartition(".")[2]
        self.__supertype__ = tp
        caller = sys._caller(1)
        module = caller[2] if caller else None
        if module != "typing":
            self.__module__ = module

    def __call__(self, x):
        return x

    def __repr__(self):
        return f"{self.__module__}.{self.__qualname__}"


def get_origin(tp):
    """`list` for `List[int]`, `Union` for `Optional[int]`, None for a plain class."""
    if isinstance(tp, _AnnotatedAlias):
        return Annotated
    if isinstance(tp, (_GenericAlias, _NamedAlias, _BuiltinAlias, ParamSpecArgs,
                       ParamSpecKwargs)):
        return tp.__origin__
    if isinstance(tp, _UnionType):
        return type(int | str)
    if tp is Generic:
        return Generic
    return getattr(tp, "__origin__", None) if type(tp).__name__ == "_CallableAlias" else None


def get_args(tp):
    """The arguments of a subscripted hint; `()` if there are none."""
    if isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__,) + tp.__metadata__
    if isinstance(tp, _GenericAlias) or type(tp).__name__ == "_CallableAlias":
        args = tp.__args__
        is_callable = type(tp).__name__ in ("_CallableGenericAlias", "_CallableAlias")
        if is_callable and not (len(args) == 2 and (args[0] is ... or isinstance(
                args[0], (ParamSpec, _ConcatenateGenericAlias)))):
            return (list(args[:-1]), args[-1])
        return args
    if isinstance(tp, (_BuiltinAlias, _UnionType)):
        return tp.__args__
    return ()


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations with text resolved and, for classes, those of the bases."""
    if getattr(obj, "__no_type_check__", None):
        return {}
    hints = {}
    if isinstance(obj, type):
        for base in reversed(obj.__mro__):
            namespace = globalns
            if namespace is None:
                module = sys.modules.get(base.__module__)
                namespace = vars(module) if module is not None else {}
            for name, value in base.__dict__.get("__annotations__", {}).items():
                hints[name] = _resolve_hint(value, namespace, localns or dict(vars(base)))
    else:
        annotations = getattr(obj, "__annotations__", None)
        if annotations is None:
            raise TypeError(f"{obj!r} is not a module, class, method, or function.")
        if globalns is None:
            source = obj
            while hasattr(source, "__wrapped__"):
                source = source.__wrapped__
            globalns = getattr(source, "__globals__", None)
            if globalns is None:
                module = sys.modules.get(getattr(source, "__module__", None))
                globalns = vars(module) if module is not None else vars(obj)
        for name, value in annotations.items():
            hints[name] = _resolve_hint(value, globalns, localns)
    if include_extras:
        return hints
    return {name: _strip_extras(hint) for name, hint in hints.items()}


def _strip_extras(hint):
    if isinstance(hint, _AnnotatedAlias):
        return _strip_extras(hint.__origin__)
    if isinstance(hint, _GenericAlias):
        if hint.__origin__ in (Required, NotRequired):
            return _strip_extras(hint.__args__[0])
        args = tuple([_strip_extras(a) for a in hint.__args__])
        return hint if args == hint.__args__ else hint._with_args(args)
    if isinstance(hint, _BuiltinAlias):
        args = tuple([_strip_extras(a) for a in hint.__args__])
        return hint if args == hint.__args__ else _BuiltinAlias(hint.__origin__, args)
    return hint


def _resolve_hint(value, globalns, localns):
    if value is None:
        return type(None)
    if isinstance(value, str):
        value = _HintText(value, globalns, localns).parse()
    if isinstance(value, ForwardRef):
        value = _HintText(value.__forward_arg__, globalns, localns).parse()
        return type(None) if value is None else value
    if isinstance(value, _GenericAlias) and not isinstance(value, _LiteralAlias):
        args = tuple([_resolve_hint(a, globalns, localns) if a is not ... else a
                      for a in value.__args__])
        return value if args == value.__args__ else value._with_args(args)
    if isinstance(value, _BuiltinAlias):
        args = tuple([_resolve_hint(a, globalns, localns) if not isinstance(a, (list, tuple))
                      and a is not ... else a for a in value.__args__])
        return value if args == value.__args__ else _BuiltinAlias(value.__origin__, args)
    return type(None) if value is None else value


class _HintText:
    """Reads the text of a hint: dotted names, subscripts, `|`, lists and literals."""

    def __init__(self, text, globalns, localns):
        self.text = text
        self.pos = 0
        self.globalns = globalns
        self.localns = localns or {}

    def parse(self):
        value = self.union()
        self.spaces()
        if self.pos < len(self.text):
            raise SyntaxError(f"Forward reference must be an expression -- got {self.text!r}")
        return value

    def spaces(self):
        while self.pos < len(self.text) and self.text[self.pos].isspace():
            self.pos += 1

    def accept(self, token):
        self.spaces()
        if self.text.startswith(token, self.pos):
            self.pos += len(token)
            return True
        return False

    def union(self):
        value = self.primary()
        while self.accept("|"):
            value = value | self.primary()
        return value

    def items(self, closing):
        found = []
        trailing = False
        while not self.accept(closing):
            found.append(self.union())
            trailing = self.accept(",")
            if not trailing:
                if not self.accept(closing):
                    raise SyntaxError(
                        f"Forward reference must be an expression -- got {self.text!r}")
                break
        return found, trailing

    def primary(self):
        value = self.atom()
        while True:
            if self.accept("["):
                items, trailing = self.items("]")
                value = value[items[0] if len(items) == 1 and not trailing else tuple(items)]
            elif self.text.startswith("...", self.pos):
                return value
            elif self.accept("."):
                value = getattr(value, self.identifier())
            else:
                return value

    def identifier(self):
        self.spaces()
        start = self.pos
        while self.pos < len(self.text) and (
                self.text[self.pos].isalnum() or self.text[self.pos] == "_"):
            self.pos += 1
        if start == self.pos:
            raise SyntaxError(f"Forward reference must be an expression -- got {self.text!r}")
        return self.text[start:self.pos]

    def atom(self):
        if self.accept("..."):
            return ...
        if self.accept("["):
            return self.items("]")[0]
        if self.accept("("):
            items, trailing = self.items(")")
            return items[0] if len(items) == 1 and not trailing else tuple(items)
        self.spaces()
        quote = self.text[self.pos:self.pos + 1]
        if quote in ("'", '"') and quote:
            end = self.text.find(quote, self.pos + 1)
            if end < 0:
                raise SyntaxError(
                    f"Forward reference must be an expression -- got {self.text!r}")
            value = self.text[self.pos + 1:end]
            self.pos = end + 1
            return value
        negative = self.accept("-")
        name = self.identifier()
        if name.isdigit():
            return -int(name) if negative else int(name)
        return self.lookup(name)

    def lookup(self, name):
        constants = {"None": None, "True": True, "False": False}
        if name in constants:
            return constants[name]
        for namespace in (self.localns, self.globalns):
            if name in namespace:
                return namespace[name]
        import builtins
        if hasattr(builtins, name):
            return getattr(builtins, name)
        raise NameError(f"name {name!r} is not defined")
