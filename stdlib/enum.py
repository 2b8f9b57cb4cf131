"""Enumerations without a metaclass.

`Enum.__init_subclass__` turns the plain values of a class body into members.
What CPython's EnumType does for the class object itself (iteration, lookup,
`in`, calling) is done here by class hooks, functions named `__class_…__` that
the interpreter finds through the class's own MRO.
"""

from builtins import property as _builtin_property

__all__ = [
    "EnumMeta", "EnumType", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag",
    "ReprEnum", "auto", "unique", "property", "verify", "member", "nonmember",
    "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP", "global_flag_repr",
    "global_enum_repr", "global_str", "global_enum", "EnumCheck", "CONTINUOUS",
    "NAMED_FLAGS", "UNIQUE", "show_flag_values",
]

_MappingProxy = type(type.__dict__)
_set_on_class = type.__setattr__
_RESERVED_SUNDER = ("_order_", "_generate_next_value_", "_missing_", "_ignore_",
                    "_iter_member_", "_iter_member_by_value_",
                    "_iter_member_by_def_", "_numeric_repr_", "_is_enum_base_",
                    "_member_type_", "_boundary_")
_FLAG_OPERATORS = ("__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__",
                   "__invert__")
_unset = object()


def _is_dunder(name):
    return (len(name) > 4 and name[:2] == name[-2:] == "__"
            and name[2] != "_" and name[-3] != "_")


def _is_sunder(name):
    return (len(name) > 2 and name[0] == name[-1] == "_"
            and name[1] != "_" and name[-2] != "_")


def _is_descriptor(obj):
    return (hasattr(obj, "__get__") or hasattr(obj, "__set__")
            or hasattr(obj, "__delete__"))


class nonmember:
    """Keeps a value of the class body from becoming a member."""

    def __init__(self, value):
        self.value = value


class member:
    """Makes a value of the class body a member whatever its type."""

    def __init__(self, value):
        self.value = value


class auto:
    """A value chosen by `_generate_next_value_`.

    Inside the class body an `auto` has no number yet, so combining two of them
    records the operation; it is carried out when the members are made.
    """

    def __init__(self, value=_unset):
        self.value = value
        self._operation = None

    def __repr__(self):
        shown = "_auto_null" if self.value is _unset else self.value
        return f"auto({shown})"

    def _combined(self, operation, *operands):
        result = auto()
        result._operation = (operation, operands)
        return result

    def __or__(self, other):
        return self._combined(lambda a, b: a | b, self, other)

    def __ror__(self, other):
        return self._combined(lambda a, b: a | b, other, self)

    def __and__(self, other):
        return self._combined(lambda a, b: a & b, self, other)

    def __rand__(self, other):
        return self._combined(lambda a, b: a & b, other, self)

    def __xor__(self, other):
        return self._combined(lambda a, b: a ^ b, self, other)

    def __rxor__(self, other):
        return self._combined(lambda a, b: a ^ b, other, self)

    def __add__(self, other):
        return self._combined(lambda a, b: a + b, self, other)

    def __sub__(self, other):
        return self._combined(lambda a, b: a - b, self, other)

    def __mul__(self, other):
        return self._combined(lambda a, b: a * b, self, other)

    def __lshift__(self, other):
        return self._combined(lambda a, b: a << b, self, other)

    def __invert__(self):
        return self._combined(lambda a: ~a, self)


class property(_builtin_property):
    """A property that does not hide a member of the same name."""


class _NamedLikeProperty:
    """A member whose name is also a property of Enum (`name`, `value`)."""

    def __init__(self, found, getter):
        self.found = found
        self.getter = getter

    def __get__(self, instance, owner=None):
        if instance is None:
            return self.found
        return self.getter(instance)

    def __set__(self, instance, value):
        raise AttributeError("cannot set attribute of a member")


# Building a class ------------------------------------------------------------

def _data_type(class_name, bases):
    """The type that members are instances of besides Enum: int, str, … or object."""
    found = []
    for base in bases:
        candidate = None
        for link in base.__mro__:
            if link is object:
                continue
            if issubclass(link, Enum):
                if link._member_type_ is not object:
                    _add_once(found, link._member_type_)
                    break
            elif "__new__" in link.__dict__ or link.__module__ == "builtins":
                _add_once(found, candidate or link)
                break
            else:
                candidate = candidate or link
    if len(found) > 1:
        shown = "{" + ", ".join(repr(t) for t in reversed(found)) + "}"
        raise TypeError(f"too many data types for {class_name!r}: {shown}")
    return found[0] if found else object


def _add_once(found, cls):
    if cls not in found:
        found.append(cls)


def _find_new(cls, member_type):
    """The `__new__` that makes members, and whether it takes the value."""
    for link in cls.__mro__:
        if link is object:
            break
        if "__new__" in link.__dict__ and not link.__dict__.get("_is_enum_base_"):
            new = link.__new__
            return new, new is not object.__new__
    if member_type is not object:
        return member_type.__new__, True
    return object.__new__, False


def _ignored_names(body):
    ignored = body.get("_ignore_", ())
    if isinstance(ignored, str):
        ignored = ignored.replace(",", " ").split()
    return list(ignored)


def _proposed_members(cls, body):
    """(name, value) of everything in the class body that should be a member."""
    ignored = _ignored_names(body)
    private = f"_{cls.__name__}__"
    proposed = []
    for name, value in body.items():
        if name in ignored or _is_dunder(name):
            continue
        if name.startswith(private) and not name.endswith("__"):
            continue
        if _is_sunder(name):
            if name not in _RESERVED_SUNDER:
                raise ValueError(f"_sunder_ names, such as {name!r}, are reserved "
                                 "for future Enum use")
            continue
        if isinstance(value, nonmember):
            _set_on_class(cls, name, value.value)
        elif isinstance(value, member):
            proposed.append((name, value.value))
        elif not _is_descriptor(value):
            proposed.append((name, value))
    for name in ignored + ["_ignore_", "_order_"]:
        if name in body:
            type.__delattr__(cls, name)
    invalid = [name for name, _ in proposed if name in ("mro", "")]
    if invalid:
        raise ValueError("invalid enum member name(s) "
                         + ",".join(repr(n) for n in invalid))
    return proposed


def _resolve_auto(cls, name, value, count, last_values):
    """Replaces `auto` objects, bare, combined or inside a tuple, by their numbers."""
    if isinstance(value, auto):
        if value.value is _unset:
            if value._operation is None:
                value.value = cls._generate_next_value_(name, 1, count, last_values[:])
            else:
                operation, operands = value._operation
                value.value = operation(*[
                    _resolve_auto(cls, name, o, count, last_values) for o in operands])
        return value.value
    if type(value) is tuple and any(isinstance(v, auto) for v in value):
        return tuple([_resolve_auto(cls, name, v, count, last_values) for v in value])
    return value


def _new_member(cls, name, value, member_type, new, use_args):
    if not isinstance(value, tuple):
        args = (value,)
    elif member_type is tuple:
        args = (value,)
    else:
        args = value
    created = new(cls, *args) if use_args else new(cls)
    if not hasattr(created, "_value_"):
        if member_type is object:
            created._value_ = value
        else:
            try:
                created._value_ = member_type(*args)
            except Exception as exc:
                raise TypeError("_value_ not set in __new__, unable to create it") from exc
    return created, args


def _known_by_value(cls, value):
    try:
        return cls._value2member_map_.get(value)
    except TypeError:
        for canonical in cls._member_map_.values():
            if canonical._value_ == value:
                return canonical
        return None


def _is_flag(cls):
    return Flag is not None and issubclass(cls, Flag)


def _is_single_bit(number):
    return number != 0 and number & (number - 1) == 0


def _add_member(cls, name, value, member_type, new, use_args):
    created, args = _new_member(cls, name, value, member_type, new, use_args)
    value = created._value_
    created._name_ = name
    created.__objclass__ = cls
    init = cls.__init__
    if init is not object.__init__ and init is not getattr(member_type, "__init__", None):
        created.__init__(*args)
    created._sort_order_ = len(cls._member_names_)
    known = _known_by_value(cls, value)
    if known is not None:
        created = known
    elif not _is_flag(cls):
        cls._member_names_.append(name)
    elif _is_single_bit(value):
        cls._member_names_.append(name)
        _set_on_class(cls, "_flag_mask_", cls._flag_mask_ | value)
    _expose(cls, name, created)
    cls._member_map_[name] = created
    if known is None:
        try:
            cls._value2member_map_.setdefault(value, created)
        except TypeError:
            cls._unhashable_values_.append(value)
    return value


def _expose(cls, name, created):
    for base in cls.__mro__[1:]:
        hidden = base.__dict__.get(name)
        if isinstance(hidden, _builtin_property):
            created = _NamedLikeProperty(created, hidden.fget)
            break
        if isinstance(hidden, _NamedLikeProperty):
            created = _NamedLikeProperty(created, hidden.getter)
            break
    _set_on_class(cls, name, created)


def _settle_inherited_methods(cls, body, bases, member_type):
    """Lets Enum's `__repr__` and friends win over those of the data type."""
    if ReprEnum is not None and ReprEnum in bases:
        for name in ("__format__", "__str__"):
            if name not in body:
                chosen = getattr(member_type, name)
                if name == "__str__" and chosen is getattr(object, name):
                    chosen = member_type.__repr__
                _set_on_class(cls, name, chosen)
    if _is_flag(cls) and member_type is not object:
        # Otherwise int's operators would win and results would lose their class.
        for name in _FLAG_OPERATORS:
            if name not in body:
                _set_on_class(cls, name, getattr(Flag, name))
    first_enum = next(base for base in reversed(bases) if issubclass(base, Enum))
    for name in ("__repr__", "__str__", "__format__", "__reduce_ex__"):
        if name in cls.__dict__:
            continue
        found = getattr(cls, name, None)
        ours = getattr(first_enum, name)
        if found is not ours and found in (getattr(object, name, None),
                                           getattr(member_type, name, None)):
            _set_on_class(cls, name, ours)


def _check_order(cls, order):
    if isinstance(order, str):
        order = order.replace(",", " ").split()
    order = [n for n in order if n in cls._member_map_]
    names = cls._member_names_
    if _is_flag(cls):
        order = [n for n in order if n in names]
    else:
        order = [n for n in order if cls._member_map_[n]._name_ == n]
    if order != names:
        raise TypeError(f"member order does not match _order_:\n  {names!r}\n  {order!r}")


class Enum:
    """A set of named constant values.

    >>> class Color(Enum):
    ...     RED = 1
    >>> Color.RED, Color(1), Color['RED']
    (<Color.RED: 1>, <Color.RED: 1>, <Color.RED: 1>)
    """

    _is_enum_base_ = True
    _member_type_ = object
    _boundary_ = None

    def __init_subclass__(cls, *, boundary=None, **kwds):
        super().__init_subclass__(**kwds)
        bases = cls.__bases__
        if not issubclass(bases[-1], Enum):
            raise TypeError("new enumerations should be created as "
                            "`EnumName([mixin_type, ...] [data_type,] enum_type)`")
        for base in bases:
            if issubclass(base, Enum) and base._member_map_:
                raise TypeError(f"<enum {cls.__name__!r}> cannot extend {base!r}")
        body = dict(cls.__dict__)
        member_type = _data_type(cls.__name__, bases)
        _prepare(cls, member_type, boundary)
        if "_is_enum_base_" not in body:
            _set_on_class(cls, "_is_enum_base_", False)
        new, use_args = _find_new(cls, member_type)
        _settle_inherited_methods(cls, body, bases, member_type)
        last_values = []
        for name, value in _proposed_members(cls, body):
            value = _resolve_auto(cls, name, value, len(last_values), last_values)
            _add_member(cls, name, value, member_type, new, use_args)
            last_values.append(value)
        if _is_flag(cls):
            _set_on_class(cls, "_all_bits_", 2 ** cls._flag_mask_.bit_length() - 1)
        if "_order_" in body:
            _check_order(cls, body["_order_"])

    # What the class object itself can do.

    def __class_call__(cls, value, names=None, *, module=None, qualname=None,
                       type=None, start=1, boundary=None):
        if names is None:
            return _lookup(cls, value)
        return _functional(cls, value, names, module, qualname, type, start, boundary)

    __class_call__.__qualname__ = "EnumType.__call__"

    def __class_iter__(cls):
        members = cls._member_map_
        return iter([members[name] for name in cls._member_names_])

    def __class_reversed__(cls):
        members = cls._member_map_
        return iter([members[name] for name in reversed(cls._member_names_)])

    def __class_len__(cls):
        return len(cls._member_names_)

    def __class_bool__(cls):
        return True

    def __class_contains__(cls, value):
        if not isinstance(value, Enum):
            import warnings
            warnings.warn(
                "in 3.12 __contains__ will no longer raise TypeError, but will return True or\n"
                "False depending on whether the value is a member or the value of a member",
                DeprecationWarning, stacklevel=2)
            raise TypeError("unsupported operand type(s) for 'in': "
                            f"'{type(value).__qualname__}' and 'EnumType'")
        return isinstance(value, cls) and value._name_ in cls._member_map_

    def __class_getitem_hook__(cls, name):
        return cls._member_map_[name]

    def __class_setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", ()):
            raise AttributeError(f"cannot reassign member {name!r}")
        _set_on_class(cls, name, value)

    def __class_delattr__(cls, name):
        if name in cls.__dict__.get("_member_map_", ()):
            raise AttributeError(f"{cls.__name__!r} cannot delete member {name!r}.")
        type.__delattr__(cls, name)

    def __class_getattr__(cls, name):
        raise AttributeError(name)

    def __class_repr__(cls):
        if _is_flag(cls):
            return f"<flag {cls.__name__!r}>"
        return f"<enum {cls.__name__!r}>"

    def __class_dir__(cls):
        names = {"__class__", "__contains__", "__doc__", "__getitem__", "__iter__",
                 "__len__", "__members__", "__module__", "__name__", "__qualname__",
                 *cls._member_names_}
        if cls._new_member_ is not object.__new__:
            names.add("__new__")
        names.add("__init_subclass__")
        if cls._member_type_ is object:
            return sorted(names)
        return sorted(set(dir(cls._member_type_)) | names)

    # What a member can do.

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return sorted(last_values)[-1] + 1
        except TypeError:
            import warnings
            warnings.warn(
                "In 3.13 the default `auto()`/`_generate_next_value_` will require all "
                "values to be sortable and support adding +1\n"
                "and the value returned will be the largest value in the enum incremented by 1",
                DeprecationWarning, stacklevel=4)
        for value in reversed(last_values):
            try:
                return value + 1
            except TypeError:
                pass
        return start

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __dir__(self):
        names = {"__class__", "__doc__", "__eq__", "__hash__", "__module__"}
        if self._member_type_ is not object:
            names |= set(object.__dir__(self))
        names |= {"name", "value"}
        for cls in self.__class__.__mro__:
            for name in cls.__dict__:
                if name[0] != "_":
                    names.add(name)
        return sorted(names)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return getattr, (self.__class__, self._name_)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def _refuse_name(self, value):
        raise AttributeError("<enum 'Enum'> cannot set attribute 'name'")

    def _refuse_value(self, value):
        raise AttributeError("<enum 'Enum'> cannot set attribute 'value'")

    name = property(lambda self: self._name_, _refuse_name, None,
                    "The name of the Enum member.")
    value = property(lambda self: self._value_, _refuse_value, None,
                     "The value of the Enum member.")


class EnumType:
    """Stands for the type of enumerations in `isinstance(cls, EnumType)`."""

    def __class_instancecheck__(cls, instance):
        return isinstance(instance, type) and issubclass(instance, Enum)


EnumMeta = EnumType
ReprEnum = None
Flag = None


def _prepare(cls, member_type, boundary):
    _set_on_class(cls, "_member_names_", [])
    _set_on_class(cls, "_member_map_", {})
    _set_on_class(cls, "_value2member_map_", {})
    _set_on_class(cls, "_unhashable_values_", [])
    _set_on_class(cls, "_member_type_", member_type)
    _set_on_class(cls, "_new_member_", object.__new__)
    _set_on_class(cls, "__members__", _MappingProxy(cls._member_map_))
    if Flag is None or _is_flag(cls):
        if boundary is None:
            boundary = getattr(cls, "_boundary_", None)
        _set_on_class(cls, "_boundary_", boundary)
        _set_on_class(cls, "_flag_mask_", 0)
        _set_on_class(cls, "_all_bits_", 0)


def _lookup(cls, value):
    """The member with this value; ValueError if there is none."""
    if type(value) is cls:
        return value
    try:
        return cls._value2member_map_[value]
    except KeyError:
        pass
    except TypeError:
        for found in cls._member_map_.values():
            if found._value_ == value:
                return found
    problem = None
    try:
        result = cls._missing_(value)
    except Exception as exc:
        problem = exc
        result = None
    if isinstance(result, cls):
        return result
    if (_is_flag(cls) and cls._boundary_ is EJECT
            and isinstance(result, int)):
        return result
    invalid = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
    if result is None and problem is None:
        raise invalid
    if problem is None:
        problem = TypeError(
            f"error in {cls.__name__}._missing_: returned {result!r} instead of None or "
            "a valid member")
    if not isinstance(problem, ValueError):
        problem.__context__ = invalid
    raise problem


def _functional(cls, class_name, names, module, qualname, mixin, start, boundary):
    """`Enum('Color', 'RED GREEN')`: names may be text, a list, pairs or a mapping."""
    if cls._member_map_:
        raise TypeError(f"<enum {class_name}> cannot extend {cls!r}")
    bases = (cls,) if mixin is None else (mixin, cls)
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
        pairs = []
        values = []
        for count, name in enumerate(names):
            value = cls._generate_next_value_(name, start, count, values[:])
            values.append(value)
            pairs.append((name, value))
        names = pairs
    namespace = {}
    for item in names:
        if isinstance(item, str):
            name, value = item, names[item]
        else:
            name, value = item
        namespace[name] = value
    if module is None:
        import sys
        caller = sys._caller(3)
        module = caller[2] if caller else None
    if module is not None:
        namespace["__module__"] = module
    if qualname is not None:
        namespace["__qualname__"] = qualname
    if boundary is not None:
        return type(class_name, bases, namespace, boundary=boundary)
    return type(class_name, bases, namespace)


_prepare(Enum, object, None)


class ReprEnum(Enum):
    """Only `repr` is Enum's: `str` and `format` are those of the data type."""
    _is_enum_base_ = True


class IntEnum(int, ReprEnum):
    """Members are also ints."""
    _is_enum_base_ = True


class StrEnum(str, ReprEnum):
    """Members are also, and must be, strings."""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f"too many arguments for str(): {values!r}")
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f"{values[0]!r} is not a string")
        if len(values) >= 2 and not isinstance(values[1], str):
            raise TypeError(f"encoding must be a string, not {values[1]!r}")
        if len(values) == 3 and not isinstance(values[2], str):
            raise TypeError(f"errors must be a string, not {values[2]!r}")
        value = str(*values)
        created = str.__new__(cls, value)
        created._value_ = value
        return created

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class FlagBoundary(StrEnum):
    """What a Flag does with bits that no member has."""
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT = FlagBoundary.STRICT
CONFORM = FlagBoundary.CONFORM
EJECT = FlagBoundary.EJECT
KEEP = FlagBoundary.KEEP


def _binary(number, width):
    """Sign bit and two's complement digits, as `0b0 0101`."""
    if number >= 0:
        return "0b0 " + format(number, f"0{width}b")
    return "0b1 " + format(number + (1 << max(width, (~number).bit_length() or 1)), f"0{width}b")


class Flag(Enum, boundary=CONFORM):
    """Members combine with the bitwise operators."""

    _is_enum_base_ = True
    _numeric_repr_ = repr

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        highest = max(last_values)
        try:
            return 2 ** highest.bit_length()
        except Exception:
            raise TypeError(f"invalid flag value {highest!r}") from None

    @classmethod
    def _missing_(cls, value):
        """A member for a combination of bits, made and kept when first needed."""
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        mask = cls._flag_mask_
        every = cls._all_bits_
        if not ~every <= value <= every or value & (every ^ mask):
            if cls._boundary_ is STRICT:
                width = max(value.bit_length(), mask.bit_length())
                raise ValueError(f"{cls!r} invalid value {value!r}\n"
                                 f"    given {_binary(value, width)}\n"
                                 f"  allowed {_binary(mask, width)}")
            if cls._boundary_ is CONFORM:
                value = value & mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value += max(every + 1, 2 ** value.bit_length())
        if value < 0:
            value += every + 1
        known = cls._value2member_map_.get(value)
        if known is not None:
            return known
        return _combination(cls, value)

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError("unsupported operand type(s) for 'in': "
                            f"{type(other).__qualname__!r} and {self.__class__.__qualname__!r}")
        if other._value_ == 0 or self._value_ == 0:
            return False
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        for found in self.__class__:
            if found._value_ & self._value_:
                yield found

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        name = self.__class__.__name__
        if self._name_ is None:
            return f"<{name}: {self._numeric(self._value_)}>"
        return f"<{name}.{self._name_}: {self._numeric(self._value_)}>"

    def _numeric(self, value):
        return self.__class__._numeric_repr_(value)

    def __str__(self):
        name = self.__class__.__name__
        if self._name_ is None:
            return f"{name}({self._value_!r})"
        return f"{name}.{self._name_}"

    def __bool__(self):
        return bool(self._value_)

    def _operand(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if self._member_type_ is not object and isinstance(other, self._member_type_):
            return other
        return None

    def __or__(self, other):
        value = self._operand(other)
        if value is None:
            return NotImplemented
        return self.__class__(self._value_ | value)

    def __and__(self, other):
        value = self._operand(other)
        if value is None:
            return NotImplemented
        return self.__class__(self._value_ & value)

    def __xor__(self, other):
        value = self._operand(other)
        if value is None:
            return NotImplemented
        return self.__class__(self._value_ ^ value)

    def __invert__(self):
        cls = self.__class__
        if cls._boundary_ is KEEP:
            return cls(~self._value_)
        return cls(cls._flag_mask_ & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


def _combination(cls, value):
    if cls._member_type_ is object:
        created = object.__new__(cls)
    else:
        created = cls._member_type_.__new__(cls, value)
    created._value_ = value
    names = []
    rest = value
    for name in cls._member_names_:
        bit = cls._member_map_[name]._value_
        if value & bit:
            names.append(name)
            rest &= ~bit
    if names and rest:
        names.append(cls._numeric_repr_(rest))
    created._name_ = "|".join(names) if names else None
    created.__objclass__ = cls
    return cls._value2member_map_.setdefault(value, created)


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """Members are also ints and combine with plain ints."""
    _is_enum_base_ = True


# Decorators ------------------------------------------------------------------

def unique(enumeration):
    """Refuses an enumeration in which two names have one value."""
    duplicates = [(name, found._name_) for name, found in enumeration.__members__.items()
                  if name != found._name_]
    if duplicates:
        details = ", ".join(f"{alias} -> {name}" for alias, name in duplicates)
        raise ValueError(f"duplicate values found in {enumeration!r}: {details}")
    return enumeration


class EnumCheck(StrEnum):
    """What `verify` can check."""
    CONTINUOUS = "no skipped integer values"
    NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
    UNIQUE = "one name per value"


CONTINUOUS = EnumCheck.CONTINUOUS
NAMED_FLAGS = EnumCheck.NAMED_FLAGS
UNIQUE = EnumCheck.UNIQUE


class verify:
    """A class decorator that applies the given checks."""

    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        for check in self.checks:
            if check is UNIQUE:
                self._unique(enumeration)
            elif check is CONTINUOUS:
                self._continuous(enumeration)
            elif check is NAMED_FLAGS:
                self._named(enumeration)
        return enumeration

    def _unique(self, enumeration):
        duplicates = [(name, found._name_)
                      for name, found in enumeration.__members__.items()
                      if name != found._name_]
        if duplicates:
            details = ", ".join(f"{alias} -> {name}" for alias, name in duplicates)
            raise ValueError(f"aliases found in {enumeration!r}: {details}")

    def _continuous(self, enumeration):
        values = {found._value_ for found in enumeration}
        if len(values) < 2:
            return
        low, high = min(values), max(values)
        kind = "enum"
        if issubclass(enumeration, Flag):
            kind = "flag"
            wanted = [1 << i for i in range(low.bit_length(), high.bit_length() - 1)]
        else:
            wanted = range(low + 1, high)
        missing = [i for i in wanted if i not in values]
        if missing:
            shown = ", ".join(str(m) for m in missing)
            raise ValueError(f"invalid {kind} {enumeration.__name__!r}: missing values {shown}")

    def _named(self, enumeration):
        single = {found._value_ for found in enumeration}
        names = []
        missing = 0
        for name, alias in enumeration._member_map_.items():
            if name in enumeration._member_names_ or alias._value_ < 0:
                continue
            absent = [v for v in show_flag_values(alias._value_) if v not in single]
            if absent:
                names.append(name)
                for value in absent:
                    missing |= value
        if names:
            if len(names) == 1:
                alias = f"alias {names[0]} is missing"
            else:
                alias = f"aliases {', '.join(names[:-1])} and {names[-1]} are missing"
            if _is_single_bit(missing):
                value = f"value 0x{missing:x}"
            else:
                value = f"combined values of 0x{missing:x}"
            raise ValueError(
                f"invalid Flag {enumeration.__name__!r}: {alias} {value} "
                "[use enum.show_flag_values(value) for details]")


def show_flag_values(value):
    """The single bits of a number, lowest first."""
    bits = []
    while value:
        low = value & -value
        bits.append(low)
        value ^= low
    return bits


def global_enum_repr(self):
    """`module.NAME`, the repr of members that are also module constants."""
    return f"{self.__class__.__module__.split('.')[-1]}.{self._name_}"


def global_flag_repr(self):
    """`module.A|module.B`, the repr of flags that are also module constants."""
    module = self.__class__.__module__.split(".")[-1]
    if self._name_ is None:
        return f"{module}.{self.__class__.__name__}({self._value_})"
    return "|".join(name if name[0].isdigit() else f"{module}.{name}"
                    for name in self._name_.split("|"))


def global_str(self):
    """The bare name."""
    if self._name_ is None:
        return f"{self.__class__.__name__}({self._value_})"
    return self._name_


def global_enum(cls, update_str=False):
    """Exports the members to the class's module."""
    import sys
    cls.__repr__ = global_flag_repr if _is_flag(cls) else global_enum_repr
    if not issubclass(cls, ReprEnum) or update_str:
        cls.__str__ = global_str
    vars(sys.modules[cls.__module__]).update(cls.__members__)
    return cls
