"""Looking at live objects.

The native `_inspect` supplies `parameters(function)`: a list of (name, kind,
has_default, default) with kind 0 to 4 as in `Parameter`; `source_lines(obj)`:
(lines with their ends, first line number) and `source_file(obj)`, for
functions and classes, raising OSError if the source is gone.
"""

import sys
import types

__all__ = [
    "Parameter", "Signature", "BoundArguments", "signature", "getmembers", "getdoc",
    "cleandoc", "getsource", "getsourcelines", "getsourcefile", "getfile", "getmodule",
    "getmro", "isabstract", "isbuiltin", "isclass", "isfunction", "isgenerator",
    "isgeneratorfunction", "ismethod", "ismodule", "isroutine", "isdatadescriptor",
    "unwrap", "getattr_static", "getfullargspec",
]


# What kind of object -------------------------------------------------------------------

def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type) and not isinstance(object, types.GenericAlias)


def ismethod(object):
    return isinstance(object, types.MethodType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def isroutine(object):
    return (isbuiltin(object) or isfunction(object) or ismethod(object)
            or type(object).__name__ in ("method_descriptor", "wrapper_descriptor",
                                         "method-wrapper", "classmethod_descriptor"))


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def isgeneratorfunction(obj):
    """True for a function whose body has a `yield`."""
    while ismethod(obj):
        obj = obj.__func__
    return isfunction(obj) and bool(obj.__code__.co_flags & 0x20)


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    cls = type(object)
    return hasattr(cls, "__set__") or hasattr(cls, "__delete__")


def isabstract(object):
    """True for a class with abstract methods."""
    return isclass(object) and bool(getattr(object, "__abstractmethods__", ()))


def getmro(cls):
    """The base classes in the order they are searched."""
    return cls.__mro__


def getmembers(object, predicate=None):
    """(name, value) of every attribute, by name."""
    results = []
    names = set(dir(object))
    for name in names:
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            results.append((name, value))
    results.sort(key=lambda pair: pair[0])
    return results


_nothing = object()


def getattr_static(obj, attr, default=_nothing):
    """An attribute without running descriptors or `__getattr__`."""
    if isclass(obj):
        places = [c.__dict__ for c in obj.__mro__]
    else:
        places = [getattr(obj, "__dict__", {})] + [c.__dict__ for c in type(obj).__mro__]
    for place in places:
        if attr in place:
            return place[attr]
    if default is not _nothing:
        return default
    raise AttributeError(attr)


def unwrap(func, *, stop=None):
    """The function below every `wraps` decorator."""
    seen = {id(func)}
    original = func
    while hasattr(func, "__wrapped__") and (stop is None or not stop(func)):
        func = func.__wrapped__
        if id(func) in seen:
            raise ValueError("wrapper loop when unwrapping {!r}".format(original))
        seen.add(id(func))
    return func


# Source and documentation -----------------------------------------------------------------

def cleandoc(doc):
    """A docstring without the indentation of the code around it."""
    lines = doc.expandtabs().split("\n")
    margin = None
    for line in lines[1:]:
        content = len(line.lstrip())
        if content:
            indent = len(line) - content
            margin = indent if margin is None else min(margin, indent)
    if lines:
        lines[0] = lines[0].lstrip()
    if margin is not None:
        lines[1:] = [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getdoc(object):
    """The cleaned docstring, inherited if need be; None without one."""
    doc = getattr(object, "__doc__", None)
    if doc is None and (isclass(object) or isroutine(object)):
        import _documentation
        doc = _documentation.find(object)
    if doc is None:
        doc = _inherited_doc(object)
    return cleandoc(doc) if isinstance(doc, str) else None


def _inherited_doc(object):
    if isclass(object):
        for base in object.__mro__[1:]:
            if base.__dict__.get("__doc__") is not None and base is not types.FunctionType:
                return base.__dict__["__doc__"]
        return None
    if ismethod(object):
        owner = object.__self__
        cls = owner if isclass(owner) else type(owner)
        for base in cls.__mro__:
            found = base.__dict__.get(object.__name__)
            doc = getattr(found, "__doc__", None)
            if doc is not None:
                return doc
    return None


def _source_owner(object):
    object = unwrap(object) if not isclass(object) else object
    if ismethod(object):
        object = object.__func__
    if not (isfunction(object) or isclass(object) or ismodule(object)):
        raise TypeError("module, class, method, function, traceback, frame, or "
                        f"code object was expected, got {type(object).__name__}")
    return object


def getsourcelines(object):
    """(lines of source, number of the first)."""
    import _inspect
    lines, first = _inspect.source_lines(_source_owner(object))
    return list(lines), first


def getsource(object):
    """The source text of a function, class or module."""
    return "".join(getsourcelines(object)[0])


def getsourcefile(object):
    """The file that defines an object."""
    import _inspect
    return _inspect.source_file(_source_owner(object))


getfile = getsourcefile


def getmodule(object):
    """The module that defines an object."""
    if ismodule(object):
        return object
    return sys.modules.get(getattr(object, "__module__", None))


# Signatures ------------------------------------------------------------------------------

class _empty:
    """Stands for no default and no annotation."""


class _ParameterKind(int):
    """How arguments are passed to a parameter."""

    def __new__(cls, value, name, description):
        self = int.__new__(cls, value)
        self.name = name
        self.description = description
        return self

    def __str__(self):
        return self.name

    def __repr__(self):
        return f"<_ParameterKind.{self.name}: {int(self)}>"


_POSITIONAL_ONLY = _ParameterKind(0, "POSITIONAL_ONLY", "positional-only")
_POSITIONAL_OR_KEYWORD = _ParameterKind(1, "POSITIONAL_OR_KEYWORD", "positional or keyword")
_VAR_POSITIONAL = _ParameterKind(2, "VAR_POSITIONAL", "variadic positional")
_KEYWORD_ONLY = _ParameterKind(3, "KEYWORD_ONLY", "keyword-only")
_VAR_KEYWORD = _ParameterKind(4, "VAR_KEYWORD", "variadic keyword")
_KINDS = (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD, _VAR_POSITIONAL, _KEYWORD_ONLY,
          _VAR_KEYWORD)


def formatannotation(annotation, base_module=None):
    """The text of an annotation."""
    if getattr(annotation, "__module__", None) == "typing":
        return repr(annotation).replace("typing.", "")
    if isinstance(annotation, types.GenericAlias):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ("builtins", base_module):
            return annotation.__qualname__
        return annotation.__module__ + "." + annotation.__qualname__
    return repr(annotation)


class Parameter:
    """One parameter of a signature."""

    __slots__ = ("_name", "_kind", "_default", "_annotation")

    POSITIONAL_ONLY = _POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _VAR_POSITIONAL
    KEYWORD_ONLY = _KEYWORD_ONLY
    VAR_KEYWORD = _VAR_KEYWORD
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        if kind not in _KINDS:
            raise ValueError(f"value {kind!r} is not a valid Parameter.kind")
        kind = _KINDS[kind]
        if default is not _empty and kind in (_VAR_POSITIONAL, _VAR_KEYWORD):
            raise ValueError(f"{kind.description} parameters cannot have default values")
        if not isinstance(name, str):
            raise TypeError(f"name must be a str, not a {type(name).__name__}")
        if not name.isidentifier():
            raise ValueError(f"{name!r} is not a valid parameter name")
        self._name = name
        self._kind = kind
        self._default = default
        self._annotation = annotation

    @property
    def name(self):
        return self._name

    @property
    def kind(self):
        return self._kind

    @property
    def default(self):
        return self._default

    @property
    def annotation(self):
        return self._annotation

    def replace(self, *, name=_nothing, kind=_nothing, annotation=_nothing, default=_nothing):
        """A copy with some parts changed."""
        return type(self)(self._name if name is _nothing else name,
                          self._kind if kind is _nothing else kind,
                          default=self._default if default is _nothing else default,
                          annotation=self._annotation if annotation is _nothing else annotation)

    def __str__(self):
        text = self._name
        if self._annotation is not _empty:
            text = f"{text}: {formatannotation(self._annotation)}"
        if self._default is not _empty:
            sep = " = " if self._annotation is not _empty else "="
            text = f"{text}{sep}{self._default!r}"
        if self._kind == _VAR_POSITIONAL:
            return "*" + text
        if self._kind == _VAR_KEYWORD:
            return "**" + text
        return text

    def __repr__(self):
        return f'<{self.__class__.__name__} "{self}">'

    def _key(self):
        return (self._name, self._kind, self._default, self._annotation)

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self):
        return hash((self._name, int(self._kind)))


class BoundArguments:
    """Arguments assigned to the parameters of a signature."""

    __slots__ = ("arguments", "_signature")

    def __init__(self, signature, arguments):
        self.arguments = arguments
        self._signature = signature

    @property
    def signature(self):
        return self._signature

    @property
    def args(self):
        args = []
        for name, param in self._signature.parameters.items():
            if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY) or name not in self.arguments:
                break
            if param.kind == _VAR_POSITIONAL:
                args.extend(self.arguments[name])
            else:
                args.append(self.arguments[name])
        return tuple(args)

    @property
    def kwargs(self):
        kwargs = {}
        started = False
        for name, param in self._signature.parameters.items():
            if not started:
                if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
                    started = True
                elif name not in self.arguments:
                    started = True
                    continue
                else:
                    continue
            if name not in self.arguments:
                continue
            if param.kind == _VAR_KEYWORD:
                kwargs.update(self.arguments[name])
            else:
                kwargs[name] = self.arguments[name]
        return kwargs

    def apply_defaults(self):
        """Fills in the default values of what was not passed."""
        result = {}
        for name, param in self._signature.parameters.items():
            if name in self.arguments:
                result[name] = self.arguments[name]
            elif param.default is not _empty:
                result[name] = param.default
            elif param.kind == _VAR_POSITIONAL:
                result[name] = ()
            elif param.kind == _VAR_KEYWORD:
                result[name] = {}
        self.arguments = result

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self._signature == other._signature and self.arguments == other.arguments

    def __repr__(self):
        shown = ", ".join([f"{arg}={value!r}" for arg, value in self.arguments.items()])
        return f"<{self.__class__.__name__} ({shown})>"


class Signature:
    """The parameters of a callable and what it returns."""

    __slots__ = ("_parameters", "_return_annotation")

    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        params = {}
        top = _POSITIONAL_ONLY
        seen_default = False
        for param in parameters or ():
            if param.kind < top:
                raise ValueError(f"wrong parameter order: {top.description} parameter before "
                                 f"{param.kind.description} parameter")
            top = param.kind
            if param.kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
                if param.default is not _empty:
                    seen_default = True
                elif seen_default:
                    raise ValueError("non-default argument follows default argument")
            if param.name in params:
                raise ValueError(f"duplicate parameter name: {param.name!r}")
            params[param.name] = param
        self._parameters = types.MappingProxyType(params)
        self._return_annotation = return_annotation

    @property
    def parameters(self):
        return self._parameters

    @property
    def return_annotation(self):
        return self._return_annotation

    @classmethod
    def from_callable(cls, obj, **kwargs):
        return signature(obj, **kwargs)

    def replace(self, *, parameters=_nothing, return_annotation=_nothing):
        """A copy with some parts changed."""
        if parameters is _nothing:
            parameters = self._parameters.values()
        if return_annotation is _nothing:
            return_annotation = self._return_annotation
        return type(self)(parameters, return_annotation=return_annotation)

    def bind(self, /, *args, **kwargs):
        """Assigns arguments; TypeError if they do not fit."""
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        """Assigns the arguments that are there."""
        return self._bind(args, kwargs, True)

    def _bind(self, args, kwargs, partial):
        arguments = {}
        rest = list(args)
        kwargs = dict(kwargs)
        var_keyword = None
        for name, param in self._parameters.items():
            kind = param.kind
            if kind == _VAR_KEYWORD:
                var_keyword = name
            elif kind == _VAR_POSITIONAL:
                if rest:
                    arguments[name] = tuple(rest)
                    rest = []
            elif rest and kind != _KEYWORD_ONLY:
                if name in kwargs and kind != _POSITIONAL_ONLY:
                    raise TypeError(f"multiple values for argument {name!r}")
                arguments[name] = rest.pop(0)
            elif name in kwargs and kind != _POSITIONAL_ONLY:
                arguments[name] = kwargs.pop(name)
            elif param.default is _empty and not partial:
                if rest:
                    break
                raise TypeError(f"missing a required argument: {name!r}")
            elif kind == _POSITIONAL_ONLY and name in kwargs:
                raise TypeError(f"{name!r} parameter is positional only, but was passed "
                                "as a keyword")
        if rest:
            raise TypeError("too many positional arguments")
        if kwargs:
            if var_keyword is None:
                raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
            arguments[var_keyword] = kwargs
        return BoundArguments(self, arguments)

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return (list(self._parameters.values()) == list(other._parameters.values())
                and self._return_annotation == other._return_annotation)

    def __hash__(self):
        return hash(tuple(self._parameters.values()))

    def __repr__(self):
        return f"<{self.__class__.__name__} {self}>"

    def __str__(self):
        result = []
        pos_only = False
        star_needed = True
        for param in self._parameters.values():
            kind = param.kind
            if kind == _POSITIONAL_ONLY:
                pos_only = True
            elif pos_only:
                result.append("/")
                pos_only = False
            if kind == _VAR_POSITIONAL:
                star_needed = False
            elif kind == _KEYWORD_ONLY and star_needed:
                result.append("*")
                star_needed = False
            result.append(str(param))
        if pos_only:
            result.append("/")
        text = f"({', '.join(result)})"
        if self._return_annotation is not _empty:
            text += f" -> {formatannotation(self._return_annotation)}"
        return text


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    """The Signature of a callable."""
    if not callable(obj):
        raise TypeError(f"{obj!r} is not a callable object")
    if ismethod(obj):
        return _without_first(signature(obj.__func__, follow_wrapped=follow_wrapped))
    if follow_wrapped:
        obj = unwrap(obj, stop=lambda f: hasattr(f, "__signature__"))
        if ismethod(obj):
            return signature(obj)
    explicit = getattr(obj, "__signature__", None)
    if isinstance(explicit, Signature):
        return explicit
    if isfunction(obj):
        return _of_function(obj)
    if type(obj).__name__ == "partial":
        return _of_partial(obj)
    if isclass(obj):
        return _of_class(obj)
    if isroutine(obj):
        return _of_native(obj)
    call = getattr(type(obj), "__call__", None)
    if isfunction(call):
        return _without_first(signature(call))
    raise ValueError(f"no signature found for builtin {obj!r}")


def _of_function(func):
    import _inspect
    annotations = getattr(func, "__annotations__", {})
    params = [Parameter(name, _KINDS[kind], default=default if has_default else _empty,
                        annotation=annotations.get(name, _empty))
              for name, kind, has_default, default in _inspect.parameters(func)]
    return Signature(params, return_annotation=annotations.get("return", _empty))


def _of_native(obj):
    import _inspect
    return Signature([Parameter(name, _KINDS[kind], default=default if has_default else _empty)
                      for name, kind, has_default, default in _inspect.parameters(obj)])


def _without_first(sig):
    params = list(sig.parameters.values())
    if not params or params[0].kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
        raise ValueError("invalid method signature")
    if params[0].kind != _VAR_POSITIONAL:
        params = params[1:]
    return sig.replace(parameters=params)


def _of_partial(obj):
    sig = signature(obj.func)
    bound = sig.bind_partial(*obj.args, **obj.keywords).arguments
    params = []
    keyword_only = False
    for name, param in sig.parameters.items():
        if name in bound and param.kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
            if name not in obj.keywords:
                continue
            keyword_only = True
        if name in obj.keywords:
            param = param.replace(default=obj.keywords[name])
        if keyword_only:
            if param.kind == _POSITIONAL_OR_KEYWORD:
                param = param.replace(kind=_KEYWORD_ONLY)
            elif param.kind == _VAR_POSITIONAL:
                continue
        params.append(param)
    return sig.replace(parameters=params)


def _of_class(cls):
    fields = getattr(cls, "__dataclass_fields__", None)
    if fields is not None and getattr(cls.__init__, "__module__", None) == "dataclasses":
        return _of_dataclass(fields)
    names = getattr(cls, "_fields", None)
    if issubclass(cls, tuple) and names is not None:
        defaults = cls._field_defaults
        hints = getattr(cls, "__annotations__", {})
        return Signature([Parameter(n, _POSITIONAL_OR_KEYWORD, default=defaults.get(n, _empty),
                                    annotation=hints.get(n, _empty)) for n in names])
    for base in cls.__mro__:
        if base is object:
            break
        for name in ("__new__", "__init__"):
            found = base.__dict__.get(name)
            if isinstance(found, staticmethod):
                found = found.__func__
            if isfunction(found) or found is not None and base.__module__ != "builtins" and isroutine(found):
                return _without_first(signature(found))
        if base.__module__ not in ("builtins", "__main__"):
            try:
                return _of_native(base)
            except TypeError:
                pass
    if any(base is not object and base.__module__ == "builtins" for base in cls.__mro__):
        raise ValueError(f"no signature found for builtin type {cls!r}")
    return Signature()


def _of_dataclass(fields):
    import dataclasses
    ordinary = []
    keyword_only = []
    for f in fields.values():
        if not f.init or f._field_type is dataclasses._FIELD_CLASSVAR:
            continue
        default = _empty
        if f.default is not dataclasses.MISSING:
            default = f.default
        elif f.default_factory is not dataclasses.MISSING:
            default = dataclasses._FROM_FACTORY
        kind = _KEYWORD_ONLY if f.kw_only else _POSITIONAL_OR_KEYWORD
        param = Parameter(f.name, kind, default=default, annotation=f.type)
        (keyword_only if f.kw_only else ordinary).append(param)
    return Signature(ordinary + keyword_only, return_annotation=None)


def getfullargspec(func):
    """The parameters in the older form."""
    from collections import namedtuple
    spec = namedtuple("FullArgSpec", "args varargs varkw defaults kwonlyargs "
                                     "kwonlydefaults annotations", module="inspect")
    try:
        sig = _of_function(func.__func__ if ismethod(func) else func) \
            if isfunction(func) or ismethod(func) else signature(func)
    except (ValueError, TypeError) as e:
        raise TypeError("unsupported callable") from e
    args, defaults, kwonly, kwdefaults, annotations = [], [], [], {}, {}
    varargs = varkw = None
    if sig.return_annotation is not _empty:
        annotations["return"] = sig.return_annotation
    for param in sig.parameters.values():
        if param.kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
            args.append(param.name)
            if param.default is not _empty:
                defaults.append(param.default)
        elif param.kind == _VAR_POSITIONAL:
            varargs = param.name
        elif param.kind == _KEYWORD_ONLY:
            kwonly.append(param.name)
            if param.default is not _empty:
                kwdefaults[param.name] = param.default
        else:
            varkw = param.name
        if param.annotation is not _empty:
            annotations[param.name] = param.annotation
    return spec(args, varargs, varkw, tuple(defaults) or None, kwonly, kwdefaults or None,
                annotations)
