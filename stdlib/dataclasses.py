"""Classes described by annotated fields.

The generated methods are closures over the list of fields; no source text is
built. `__init__` has a short path for calls that need no binding.
"""

import sys
from _operator import attrgetter

__all__ = [
    "dataclass", "field", "Field", "FrozenInstanceError", "InitVar", "KW_ONLY",
    "MISSING", "fields", "asdict", "astuple", "make_dataclass", "replace",
    "is_dataclass",
]

_MappingProxy = type(type.__dict__)
_GenericAlias = type(list[int])


class FrozenInstanceError(AttributeError):
    """An attempt to change a frozen instance."""


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _KW_ONLY_TYPE:
    pass


KW_ONLY = _KW_ONLY_TYPE()


class _FactoryDefault:
    def __repr__(self):
        return "<factory>"


_FROM_FACTORY = _FactoryDefault()
# The ids of objects whose repr is being made, to end recursion.
_showing = set()
_NO_METADATA = _MappingProxy({})


class _FieldKind:
    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


_FIELD = _FieldKind("_FIELD")
_FIELD_CLASSVAR = _FieldKind("_FIELD_CLASSVAR")
_FIELD_INITVAR = _FieldKind("_FIELD_INITVAR")

_FIELDS = "__dataclass_fields__"
_PARAMS = "__dataclass_params__"


class InitVar:
    """A parameter of `__init__` that goes to `__post_init__` and is not kept."""

    __slots__ = ("type",)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        if isinstance(self.type, type) and not isinstance(self.type, _GenericAlias):
            shown = self.type.__name__
        else:
            shown = repr(self.type)
        return f"dataclasses.InitVar[{shown}]"

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    """One field; made by `field()`, found by `fields()`."""

    __slots__ = ("name", "type", "default", "default_factory", "repr", "hash",
                 "init", "compare", "metadata", "kw_only", "_field_type")

    def __init__(self, default, default_factory, init, repr, hash, compare,
                 metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = _NO_METADATA if metadata is None else _MappingProxy(metadata)
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        key = id(self)
        if key in _showing:
            return "..."
        _showing.add(key)
        try:
            return self._text()
        finally:
            _showing.discard(key)

    def _text(self):
        return (f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
                f"default_factory={self.default_factory!r},init={self.init!r},"
                f"repr={self.repr!r},hash={self.hash!r},compare={self.compare!r},"
                f"metadata={self.metadata!r},kw_only={self.kw_only!r},"
                f"_field_type={self._field_type})")

    def __set_name__(self, owner, name):
        # The default stands in the class body by way of this object.
        set_name = getattr(type(self.default), "__set_name__", None)
        if set_name is not None:
            set_name(self.default, owner, name)

    __class_getitem__ = classmethod(_GenericAlias)


class _DataclassParams:
    __slots__ = ("init", "repr", "eq", "order", "unsafe_hash", "frozen")

    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen

    def __repr__(self):
        return (f"_DataclassParams(init={self.init!r},repr={self.repr!r},eq={self.eq!r},"
                f"order={self.order!r},unsafe_hash={self.unsafe_hash!r},"
                f"frozen={self.frozen!r})")


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True,
          hash=None, compare=True, metadata=None, kw_only=MISSING):
    """Describes a field beyond its type and default."""
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


# Reading the class -------------------------------------------------------------

def _leading_name(text):
    """(the identifier that text starts with, what follows it), without white space."""
    text = text.strip()
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[:end], text[end:].lstrip()


def _names_typing_form(annotation, cls, module_name, form_name):
    """True if text like `typing.ClassVar[int]` names that form in the class's module."""
    first, rest = _leading_name(annotation)
    prefix, last = "", first
    if rest[:1] == ".":
        prefix, last = first, _leading_name(rest[1:])[0]
    wanted = sys.modules.get(module_name)
    if wanted is None or not last or prefix and last != form_name:
        return False
    namespace = vars(sys.modules.get(cls.__module__)) if cls.__module__ in sys.modules else {}
    if prefix:
        return namespace.get(prefix) is wanted
    return last in namespace and namespace[last] is getattr(wanted, form_name)


def _is_classvar(annotation, cls):
    if isinstance(annotation, str):
        return _names_typing_form(annotation, cls, "typing", "ClassVar")
    typing = sys.modules.get("typing")
    if typing is None:
        return False
    return (annotation is typing.ClassVar
            or getattr(annotation, "__origin__", None) is typing.ClassVar)


def _is_initvar(annotation, cls):
    if isinstance(annotation, str):
        return _names_typing_form(annotation, cls, "dataclasses", "InitVar")
    return annotation is InitVar or type(annotation) is InitVar


def _is_kw_only(annotation, cls):
    if isinstance(annotation, str):
        return _names_typing_form(annotation, cls, "dataclasses", "KW_ONLY")
    return annotation is KW_ONLY


def _read_field(cls, name, annotation, kw_only_by_default):
    default = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        f = default
    else:
        if type(default).__name__ == "member_descriptor":
            # A slot is not a default value.
            default = MISSING
        f = field(default=default)
    f.name = name
    f.type = annotation
    if _is_classvar(annotation, cls):
        f._field_type = _FIELD_CLASSVAR
    elif _is_initvar(annotation, cls):
        f._field_type = _FIELD_INITVAR
    else:
        f._field_type = _FIELD
    if f._field_type is not _FIELD and f.default_factory is not MISSING:
        raise TypeError(f"field {f.name} cannot have a default factory")
    if f._field_type is _FIELD_CLASSVAR:
        if f.kw_only is not MISSING:
            raise TypeError(f"field {f.name} is a ClassVar but specifies kw_only")
    elif f.kw_only is MISSING:
        f.kw_only = kw_only_by_default
    if f._field_type is _FIELD and f.default.__class__.__hash__ is None:
        raise ValueError(f"mutable default {type(f.default)} for field {f.name} "
                         "is not allowed: use default_factory")
    return f


def _read_fields(cls, kw_only):
    annotations = cls.__dict__.get("__annotations__", {})
    found = []
    kw_only_seen = False
    for name, annotation in annotations.items():
        if _is_kw_only(annotation, cls):
            if kw_only_seen:
                raise TypeError(f"{name!r} is KW_ONLY, but KW_ONLY has already been specified")
            kw_only_seen = True
            kw_only = True
        else:
            found.append(_read_field(cls, name, annotation, kw_only))
    for f in found:
        # The class attribute keeps the default value, never the Field.
        if isinstance(getattr(cls, f.name, None), Field):
            if f.default is MISSING:
                delattr(cls, f.name)
            else:
                setattr(cls, f.name, f.default)
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f"{name!r} is a field but has no type annotation")
    return found


# The generated methods -----------------------------------------------------------

def _store(self, name, value):
    object.__setattr__(self, name, value)


def _check_default_order(params):
    seen_default = False
    for f in params:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = True
        elif seen_default:
            raise TypeError(f"non-default argument {f.name!r} follows default argument")


def _make_init(cls, all_fields, frozen, slots):
    """`__init__` for these fields: ordinary ones first, keyword-only ones after."""
    params = [f for f in all_fields if f.init and not f.kw_only]
    kw_params = [f for f in all_fields if f.init and f.kw_only]
    _check_default_order(params)
    # A default_factory runs even for fields that are not parameters, and a slot
    # leaves no room for a default value on the class.
    hidden = [f for f in all_fields if not f.init and f._field_type is _FIELD
              and (f.default_factory is not MISSING
                   or slots and f.default is not MISSING)]
    names = tuple(f.name for f in params)
    kw_names = tuple(f.name for f in kw_params)
    defaults = {}
    for f in params + kw_params:
        if f.default is not MISSING:
            defaults[f.name] = f.default
        elif f.default_factory is not MISSING:
            defaults[f.name] = _FROM_FACTORY
    factories = {f.name: f.default_factory for f in params + kw_params
                 if f.default_factory is not MISSING}
    initvars = tuple(f.name for f in all_fields if f._field_type is _FIELD_INITVAR)
    post_init = hasattr(cls, "__post_init__")
    order = names + kw_names
    count = len(names)
    kw_count = len(kw_names)
    assign = _store if frozen else setattr
    qualname = f"{cls.__qualname__}.__init__"
    tail = tuple(defaults[n] for n in names if n in defaults)
    required = count - len(tail)
    simple = not (factories or hidden or initvars)

    def values_of(args, kwargs):
        given = len(args)
        if not kwargs and not kw_count and required <= given <= count:
            return args + tail[given - required:]
        if given <= count and given + len(kwargs) == count + kw_count:
            try:
                return args + tuple([kwargs[n] for n in order[given:]])
            except KeyError:
                pass
        from _binding import bind
        return bind(qualname, "self", names, defaults, kw_names, args, kwargs)

    if simple:
        def __init__(self, /, *args, **kwargs):
            if kwargs or kw_count or len(args) != count:
                args = values_of(args, kwargs)
            for name, value in zip(order, args):
                assign(self, name, value)
            if post_init:
                self.__post_init__()
    else:
        def __init__(self, /, *args, **kwargs):
            passed = dict(zip(order, values_of(args, kwargs)))
            for f in all_fields:
                name = f.name
                if name in passed:
                    value = passed[name]
                    if value is _FROM_FACTORY:
                        value = factories[name]()
                    if name not in initvars:
                        assign(self, name, value)
                elif f in hidden:
                    assign(self, name, f.default if f.default_factory is MISSING
                           else f.default_factory())
            if post_init:
                self.__post_init__(*[passed[name] for name in initvars if name in passed])

    __init__.__qualname__ = qualname
    __init__.__annotations__ = {**{f.name: f.type for f in params + kw_params},
                                "return": None}
    return __init__


def _type_text(annotation):
    if isinstance(annotation, InitVar):
        return repr(annotation)
    if isinstance(annotation, _GenericAlias):
        return repr(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ == "builtins":
            return annotation.__qualname__
        return f"{annotation.__module__}.{annotation.__qualname__}"
    text = repr(annotation)
    return text.replace("typing.", "") if getattr(annotation, "__module__", None) == "typing" else text


def _signature_text(all_fields):
    """The text of `__init__`'s parameters, as `inspect.signature` shows them."""
    parts = []
    params = [f for f in all_fields if f.init and not f.kw_only]
    kw_params = [f for f in all_fields if f.init and f.kw_only]
    for f in params + kw_params:
        if kw_params and f is kw_params[0]:
            parts.append("*")
        text = f"{f.name}: {_type_text(f.type)}"
        if f.default is not MISSING:
            text += f" = {f.default!r}"
        elif f.default_factory is not MISSING:
            text += " = <factory>"
        parts.append(text)
    return f"({', '.join(parts)})"


def _make_repr(names):
    def __repr__(self):
        key = id(self)
        if key in _showing:
            return "..."
        _showing.add(key)
        try:
            shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
        finally:
            _showing.discard(key)
        return f"{self.__class__.__qualname__}({shown})"
    return __repr__


def _values_reader(names):
    """A function from an instance to the tuple of these attributes."""
    if not names:
        return lambda self: ()
    if len(names) == 1:
        name = names[0]
        return lambda self: (getattr(self, name),)
    return attrgetter(*names)


def _make_eq(names):
    values = _values_reader(names)

    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented
    return __eq__


def _make_hash(names):
    values = _values_reader(names)

    def __hash__(self):
        return hash(values(self))
    return __hash__


def _make_orderings(names):
    values = _values_reader(names)

    def __lt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) < values(other)
        return NotImplemented

    def __le__(self, other):
        if other.__class__ is self.__class__:
            return values(self) <= values(other)
        return NotImplemented

    def __gt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) > values(other)
        return NotImplemented

    def __ge__(self, other):
        if other.__class__ is self.__class__:
            return values(self) >= values(other)
        return NotImplemented

    return __lt__, __le__, __gt__, __ge__


def _make_frozen_guards(cls, names):
    guarded = frozenset(names)

    def __setattr__(self, name, value):
        if type(self) is cls or name in guarded:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in guarded:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def _install(cls, method):
    """Sets a generated method unless the class wrote its own; True if it did."""
    name = method.__name__
    if name in cls.__dict__:
        return True
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, method)
    return False


def _settle_hash(cls, compared, params, has_explicit_hash):
    if params.unsafe_hash:
        if has_explicit_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
    elif not params.eq or has_explicit_hash:
        return
    elif not params.frozen:
        cls.__hash__ = None
        return
    method = _make_hash(compared)
    method.__qualname__ = f"{cls.__qualname__}.__hash__"
    cls.__hash__ = method


def _inherited_fields(cls, frozen):
    """The fields of the bases, the most basic first, and a check of frozenness."""
    collected = {}
    any_frozen = False
    has_dataclass_bases = False
    for base in cls.__mro__[-1:0:-1]:
        base_fields = getattr(base, _FIELDS, None)
        if base_fields is not None:
            has_dataclass_bases = True
            collected.update(base_fields)
            if getattr(base, _PARAMS).frozen:
                any_frozen = True
    if has_dataclass_bases:
        if any_frozen and not frozen:
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
        if not any_frozen and frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    return collected


def _process_class(cls, params, match_args, kw_only, slots, weakref_slot):
    setattr(cls, _PARAMS, params)
    own_hash = cls.__dict__.get("__hash__", MISSING)
    # A class that writes __eq__ alone has __hash__ set to None by the interpreter.
    has_explicit_hash = not (own_hash is MISSING
                             or own_hash is None and "__eq__" in cls.__dict__)
    table = _inherited_fields(cls, params.frozen)
    for f in _read_fields(cls, kw_only):
        table[f.name] = f
    setattr(cls, _FIELDS, table)
    if params.order and not params.eq:
        raise ValueError("eq must be true if order is true")

    with_init = [f for f in table.values()
                 if f._field_type in (_FIELD, _FIELD_INITVAR)]
    real = [f for f in table.values() if f._field_type is _FIELD]
    compared = [f.name for f in real if f.compare]
    if params.init:
        _install(cls, _make_init(cls, with_init, params.frozen, slots))
    if params.repr:
        _install(cls, _make_repr([f.name for f in real if f.repr]))
    if params.eq:
        _install(cls, _make_eq(compared))
    if params.order:
        for method in _make_orderings(compared):
            if _install(cls, method):
                raise TypeError(f"Cannot overwrite attribute {method.__name__} in class "
                                f"{cls.__name__}. Consider using functools.total_ordering")
    if params.frozen:
        for method in _make_frozen_guards(cls, [f.name for f in real]):
            if _install(cls, method):
                raise TypeError(f"Cannot overwrite attribute {method.__name__} "
                                f"in class {cls.__name__}")
    hashed = [f.name for f in real if (f.compare if f.hash is None else f.hash)]
    _settle_hash(cls, hashed, params, has_explicit_hash)
    if not getattr(cls, "__doc__", None):
        cls.__doc__ = cls.__name__ + _signature_text(with_init)
    if match_args and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = tuple(f.name for f in with_init if f.init and not f.kw_only)
    if weakref_slot and not slots:
        raise TypeError("weakref_slot is True but slots is False")
    if slots:
        cls = _with_slots(cls, params.frozen, weakref_slot)
    if hasattr(cls, "__abstractmethods__"):
        from abc import update_abstractmethods
        update_abstractmethods(cls)
    return cls


def _with_slots(cls, frozen, weakref_slot):
    """A copy of the class that keeps its fields in slots."""
    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__name__} already specifies __slots__")
    namespace = dict(cls.__dict__)
    names = tuple(f.name for f in fields(cls))
    inherited = set()
    for base in cls.__mro__[1:-1]:
        slots = base.__dict__.get("__slots__", ())
        inherited.update((slots,) if isinstance(slots, str) else slots)
    own = [n for n in names if n not in inherited]
    if weakref_slot and "__weakref__" not in inherited:
        own.append("__weakref__")
    namespace["__slots__"] = tuple(own)
    for name in names:
        namespace.pop(name, None)
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    qualname = cls.__qualname__
    result = type(cls)(cls.__name__, cls.__bases__, namespace)
    result.__qualname__ = qualname
    if frozen:
        for method in _make_frozen_guards(result, names):
            method.__qualname__ = f"{qualname}.{method.__name__}"
            setattr(result, method.__name__, method)
        if "__getstate__" not in namespace:
            result.__getstate__ = _frozen_getstate
        if "__setstate__" not in namespace:
            result.__setstate__ = _frozen_setstate
    return result


def _frozen_getstate(self):
    return [getattr(self, f.name) for f in fields(self)]


def _frozen_setstate(self, state):
    for f, value in zip(fields(self), state):
        object.__setattr__(self, f.name, value)


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False,
              unsafe_hash=False, frozen=False, match_args=True, kw_only=False,
              slots=False, weakref_slot=False):
    """Adds the methods that the annotated fields of a class call for."""
    def decorate(cls):
        params = _DataclassParams(init, repr, eq, order, unsafe_hash, frozen)
        return _process_class(cls, params, match_args, kw_only, slots, weakref_slot)
    return decorate if cls is None else decorate(cls)


# Using dataclasses ------------------------------------------------------------

def fields(class_or_instance):
    """The fields of a dataclass, in order, as a tuple."""
    try:
        table = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple([f for f in table.values() if f._field_type is _FIELD])


def _is_instance(obj):
    return hasattr(type(obj), _FIELDS)


def is_dataclass(obj):
    """True for a dataclass and for an instance of one."""
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, _FIELDS)


def asdict(obj, *, dict_factory=dict):
    """The fields as a dict, recursing into dataclasses, lists, tuples and dicts."""
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _convert(obj, lambda pairs: dict_factory(pairs))


def astuple(obj, *, tuple_factory=tuple):
    """The values of the fields as a tuple, recursing as `asdict` does."""
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _convert(obj, lambda pairs: tuple_factory([value for _, value in pairs]))


def _convert(obj, collect):
    if _is_instance(obj):
        return collect([(f.name, _convert(getattr(obj, f.name), collect))
                        for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_convert(v, collect) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(v, collect) for v in obj])
    if isinstance(obj, dict):
        pairs = [(_convert(k, collect), _convert(v, collect)) for k, v in obj.items()]
        if hasattr(type(obj), "default_factory"):
            result = type(obj)(obj.default_factory)
            for key, value in pairs:
                result[key] = value
            return result
        return type(obj)(pairs)
    if type(obj) in (int, float, str, bool, type(None)):
        return obj
    from copy import deepcopy
    return deepcopy(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True,
                   repr=True, eq=True, order=False, unsafe_hash=False,
                   frozen=False, match_args=True, kw_only=False, slots=False,
                   weakref_slot=False):
    """Creates a dataclass from names, (name, type) pairs or (name, type, field) triples."""
    from keyword import iskeyword
    body = {} if namespace is None else dict(namespace)
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            name, annotation = item, "typing.Any"
        elif len(item) == 2:
            name, annotation = item
        elif len(item) == 3:
            name, annotation, body[item[0]] = item
        else:
            raise TypeError(f"Invalid field: {item!r}")
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeError(f"Field names must be valid identifiers: {name!r}")
        if iskeyword(name):
            raise TypeError(f"Field names must not be keywords: {name!r}")
        if name in annotations:
            raise TypeError(f"Field name duplicated: {name!r}")
        annotations[name] = annotation
    body["__annotations__"] = annotations
    from types import new_class
    cls = new_class(cls_name, bases, {}, lambda ns: ns.update(body))
    # CPython too leaves such classes in the module of `types`.
    cls.__module__ = "types"
    return dataclass(cls, init=init, repr=repr, eq=eq, order=order,
                     unsafe_hash=unsafe_hash, frozen=frozen, match_args=match_args,
                     kw_only=kw_only, slots=slots, weakref_slot=weakref_slot)


def replace(obj, /, **changes):
    """A new object of the same class with some fields replaced."""
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for f in getattr(obj, _FIELDS).values():
        if f._field_type is _FIELD_CLASSVAR:
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f"field {f.name} is declared with init=False, it cannot be "
                                 "specified with replace()")
            continue
        if f.name not in changes:
            if f._field_type is _FIELD_INITVAR and f.default is MISSING:
                raise ValueError(f"InitVar {f.name!r} must be specified with replace()")
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)
