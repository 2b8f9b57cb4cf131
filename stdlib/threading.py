"""Locks and events for a single thread.

There is one thread, so a lock that is taken stays taken: waiting for it
without a timeout could never end and raises RuntimeError instead.
"""

import time

__all__ = ["Lock", "RLock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "local",
           "current_thread", "main_thread", "get_ident", "active_count", "enumerate",
           "get_native_id", "TIMEOUT_MAX", "ThreadError"]

TIMEOUT_MAX = 9223372036.0
ThreadError = RuntimeError


def _wait(blocking, timeout, what):
    """False after the time is up; RuntimeError if there is no end to the wait."""
    if not blocking:
        if timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        return False
    if timeout is None or timeout < 0:
        if timeout is not None and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        raise RuntimeError(f"deadlock: no other thread can release this {what}")
    time.sleep(timeout)
    return False


class Lock:
    """A lock that is taken once."""

    def __init__(self):
        self._locked = False

    def acquire(self, blocking=True, timeout=-1):
        """Takes the lock; True if that worked."""
        if self._locked:
            return _wait(blocking, timeout, "lock")
        self._locked = True
        return True

    def release(self):
        """Gives the lock back."""
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False

    def locked(self):
        """True if the lock is taken."""
        return self._locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, t, v, tb):
        self.release()


class RLock:
    """A lock that its owner may take again."""

    def __init__(self):
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        """Takes the lock once more."""
        self._count += 1
        return True

    def release(self):
        """Gives the lock back once."""
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1

    def _is_owned(self):
        return self._count > 0

    def __enter__(self):
        return self.acquire()

    def __exit__(self, t, v, tb):
        self.release()


class Event:
    """A flag to wait for."""

    def __init__(self):
        self._flag = False

    def __repr__(self):
        status = "set" if self._flag else "unset"
        return f"<{type(self).__module__}.{type(self).__qualname__} at {id(self):#x}: {status}>"

    def is_set(self):
        """True if the flag is set."""
        return self._flag

    def set(self):
        """Sets the flag."""
        self._flag = True

    def clear(self):
        """Clears the flag."""
        self._flag = False

    def wait(self, timeout=None):
        """Waits until the flag is set or the time is up; returns the flag."""
        if self._flag:
            return True
        return _wait(True, timeout, "event")


class Condition:
    """A lock with waiting; here nobody else can notify."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def wait(self, timeout=None):
        """Waits for a notification or until the time is up."""
        return _wait(True, timeout, "condition")

    def wait_for(self, predicate, timeout=None):
        """Waits until the predicate holds or the time is up."""
        result = predicate()
        if result:
            return result
        _wait(True, timeout, "condition")
        return predicate()

    def notify(self, n=1):
        """Wakes `n` waiting threads, of which there are none."""

    def notify_all(self):
        """Wakes every waiting thread, of which there are none."""


class Semaphore:
    """A counter that may be taken while it is positive."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._value = value

    def acquire(self, blocking=True, timeout=None):
        """Takes one; True if that worked."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        if self._value == 0:
            return _wait(blocking, -1 if timeout is None else timeout, "semaphore")
        self._value -= 1
        return True

    __enter__ = acquire

    def release(self, n=1):
        """Gives `n` back."""
        if n < 1:
            raise ValueError("n must be one or more")
        self._value += n

    def __exit__(self, t, v, tb):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that is never released too often."""

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def release(self, n=1):
        if n < 1:
            raise ValueError("n must be one or more")
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")
        self._value += n


class local:
    """Data of one thread: an ordinary object, since there is one thread."""


class _MainThread:
    """The one thread."""

    name = "MainThread"
    ident = 1
    native_id = 1
    daemon = False

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def is_alive(self):
        return True

    def isDaemon(self):
        return False

    def __repr__(self):
        return f"<_MainThread({self.name}, started {self.ident})>"


_main = _MainThread()


def current_thread():
    """The running thread."""
    return _main


def main_thread():
    """The thread that started first."""
    return _main


def get_ident():
    """A number for the running thread."""
    return _main.ident


get_native_id = get_ident


def active_count():
    """How many threads there are."""
    return 1


def enumerate():
    """Every thread."""
    return [_main]


def __getattr__(name):
    if name in ("Thread", "Timer", "Barrier"):
        raise AttributeError(f"threading.{name} is not available in qnb: "
                             "programs run in a single thread")
    raise AttributeError(f"module 'threading' has no attribute '{name}'")
