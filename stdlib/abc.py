"""Abstract base classes without a metaclass.

A class that derives from ABC collects its abstract methods when it is created
(`__init_subclass__`); the interpreter refuses to instantiate a class whose
`__abstractmethods__` is not empty. Virtual subclasses work through the class
hooks `__class_instancecheck__` and `__class_subclasscheck__`, which the
interpreter consults after the ordinary check has failed.
"""

_registrations = [0]


def abstractmethod(funcobj):
    """Marks a method that concrete subclasses must override."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    """A class method that is abstract."""
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    """A static method that is abstract."""
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    """A property that is abstract."""
    __isabstractmethod__ = True


class _Registry:
    """Virtual subclasses of one class, and the answers already worked out."""

    __slots__ = ("classes", "answers", "version")

    def __init__(self):
        self.classes = []
        self.answers = {}
        self.version = 0


def _abstract_names(cls):
    names = set()
    for name, value in cls.__dict__.items():
        if getattr(value, "__isabstractmethod__", False):
            names.add(name)
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            value = getattr(cls, name, None)
            if getattr(value, "__isabstractmethod__", False):
                names.add(name)
    return frozenset(names)


def update_abstractmethods(cls):
    """Recomputes the abstract methods of a class that a decorator changed."""
    if hasattr(cls, "__abstractmethods__"):
        type.__setattr__(cls, "__abstractmethods__", _abstract_names(cls))
    return cls


def get_cache_token():
    """A number that changes whenever a virtual subclass is registered."""
    return _registrations[0]


class ABC:
    """Base of classes with abstract methods and virtual subclasses."""

    __slots__ = ()
    _abc_impl = _Registry()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        type.__setattr__(cls, "_abc_impl", _Registry())
        type.__setattr__(cls, "__abstractmethods__", _abstract_names(cls))

    @classmethod
    def register(cls, subclass):
        """Declares `subclass` a virtual subclass; usable as a decorator."""
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return subclass
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        cls._abc_impl.classes.append(subclass)
        _registrations[0] += 1
        return subclass

    def __class_instancecheck__(cls, instance):
        return issubclass(type(instance), cls)

    def __class_subclasscheck__(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        registry = cls.__dict__.get("_abc_impl")
        if registry is None:
            return False
        if registry.version != _registrations[0]:
            registry.answers.clear()
            registry.version = _registrations[0]
        answer = registry.answers.get(subclass)
        if answer is None:
            answer = _is_virtual_subclass(cls, registry, subclass)
            registry.answers[subclass] = answer
        return answer


def _is_virtual_subclass(cls, registry, subclass):
    verdict = cls.__subclasshook__(subclass)
    if verdict is not NotImplemented:
        return bool(verdict)
    for candidate in registry.classes:
        if issubclass(subclass, candidate):
            return True
    for candidate in cls.__subclasses__():
        if issubclass(subclass, candidate):
            return True
    return False
