"""Tools for the `with` statement."""

import sys
from abc import ABC, abstractmethod
from functools import wraps

__all__ = [
    "contextmanager", "closing", "nullcontext", "AbstractContextManager",
    "ContextDecorator", "ExitStack", "redirect_stdout", "redirect_stderr",
    "suppress", "chdir",
]


class AbstractContextManager(ABC):
    """Base of context managers; any class with the two methods counts."""

    def __enter__(self):
        return self

    @abstractmethod
    def __exit__(self, exc_type, exc_value, traceback):
        return None

    @classmethod
    def __subclasshook__(cls, C):
        if cls is not AbstractContextManager:
            return NotImplemented
        for name in ("__enter__", "__exit__"):
            if getattr(C, name, None) is None:
                return NotImplemented
        return True

    __class_getitem__ = classmethod(type(list[int]))


class ContextDecorator:
    """Lets a context manager also serve as a decorator."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _GeneratorContextManager(ContextDecorator, AbstractContextManager):
    """What a function decorated with `contextmanager` returns."""

    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func = func
        self.args = args
        self.kwds = kwds

    @property
    def __doc__(self):
        doc = getattr(self.func, "__doc__", None)
        return type(self).__base__.__doc__ if doc is None else doc

    def _recreate_cm(self):
        # A generator runs once, so a decorated function needs a new one per call.
        return self.__class__(self.func, self.args, self.kwds)

    def __enter__(self):
        del self.args, self.kwds, self.func
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, typ, value, traceback):
        if typ is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        if value is None:
            value = typ()
        try:
            self.gen.throw(value)
        except StopIteration as exc:
            # The body's own StopIteration, if that is what was thrown, goes on.
            return exc is not value
        except RuntimeError as exc:
            if exc is not value and not (
                    isinstance(value, StopIteration) and exc.__cause__ is value):
                raise
            value.__traceback__ = traceback
            return False
        except BaseException as exc:
            if exc is not value:
                raise
            exc.__traceback__ = traceback
            return False
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    """Makes a context manager from a generator function with one `yield`."""
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    """Calls `thing.close()` at the end of the block."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class _RedirectStream(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, exctype, excinst, exctb):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_RedirectStream):
    """Sends `sys.stdout` to another file for the length of the block."""
    _stream = "stdout"


class redirect_stderr(_RedirectStream):
    """Sends `sys.stderr` to another file for the length of the block."""
    _stream = "stderr"


class suppress(AbstractContextManager):
    """Ends the block quietly if one of the given exceptions is raised in it."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        return exctype is not None and issubclass(exctype, self._exceptions)


class nullcontext(AbstractContextManager):
    """Does nothing; `__enter__` returns `enter_result`."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass


class chdir(AbstractContextManager):
    """Changes the current directory for the length of the block."""

    def __init__(self, path):
        self.path = path
        self._old_cwd = []

    def __enter__(self):
        import os
        self._old_cwd.append(os.getcwd())
        os.chdir(self.path)

    def __exit__(self, *excinfo):
        import os
        os.chdir(self._old_cwd.pop())


class ExitStack(AbstractContextManager):
    """Collects context managers and callbacks and undoes them in reverse order."""

    def __init__(self):
        self._exit_callbacks = []

    def pop_all(self):
        """Moves everything to a new stack and returns it."""
        new_stack = type(self)()
        new_stack._exit_callbacks = self._exit_callbacks
        self._exit_callbacks = []
        return new_stack

    def push(self, exit):
        """Registers an `__exit__` method, or a callable with its signature."""
        exit_method = getattr(type(exit), "__exit__", None)
        if exit_method is None:
            self._exit_callbacks.append(exit)
        else:
            self._push_cm_exit(exit, exit_method)
        return exit

    def enter_context(self, cm):
        """Enters `cm`, registers its exit, returns what it gave."""
        cls = type(cm)
        try:
            enter = cls.__enter__
            leave = cls.__exit__
        except AttributeError:
            raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does "
                            f"not support the context manager protocol") from None
        result = enter(cm)
        self._push_cm_exit(cm, leave)
        return result

    def callback(self, callback, /, *args, **kwds):
        """Registers a plain call."""
        def leave(exc_type, exc, tb):
            callback(*args, **kwds)
        leave.__wrapped__ = callback
        self._exit_callbacks.append(leave)
        return callback

    def close(self):
        """Undoes everything now."""
        self.__exit__(None, None, None)

    def _push_cm_exit(self, cm, cm_exit):
        def leave(exc_type, exc, tb):
            return cm_exit(cm, exc_type, exc, tb)
        self._exit_callbacks.append(leave)

    def __enter__(self):
        return self

    def __exit__(self, *exc_details):
        pending = exc_details[1]
        received = pending is not None
        outer = sys.exc_info()[1]
        suppressed = False
        raised_here = False
        while self._exit_callbacks:
            leave = self._exit_callbacks.pop()
            try:
                if pending is None:
                    swallow = leave(None, None, None)
                else:
                    swallow = leave(type(pending), pending, pending.__traceback__)
                if swallow and pending is not None:
                    suppressed = True
                    raised_here = False
                    pending = None
            except BaseException as exc:
                _chain(exc, pending, outer)
                pending = exc
                raised_here = True
        if raised_here:
            context = pending.__context__
            try:
                raise pending
            except BaseException:
                # Raising replaced the context that the chain had set.
                pending.__context__ = context
                raise
        return received and suppressed


def _chain(new, old, outer):
    """Makes `old` the context of `new`, as nested `with` blocks would."""
    while True:
        context = new.__context__
        if context is None or context is old:
            return
        if context is outer:
            break
        new = context
    new.__context__ = old
