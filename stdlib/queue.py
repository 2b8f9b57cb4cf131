"""Queues for a single thread: waiting that could never end raises RuntimeError."""

import time
from collections import deque

__all__ = ["Empty", "Full", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"]


class Empty(Exception):
    """Raised by get(block=False) and get_nowait()."""


class Full(Exception):
    """Raised by put(block=False) and put_nowait()."""


def _wait(block, timeout, failure, what):
    if not block:
        raise failure
    if timeout is None:
        raise RuntimeError(f"deadlock: no other thread can {what} this queue")
    if timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
    time.sleep(timeout)
    raise failure


class Queue:
    """First in, first out."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self.unfinished_tasks = 0
        self._init(maxsize)

    def task_done(self):
        """Says that an item that was taken is dealt with."""
        unfinished = self.unfinished_tasks - 1
        if unfinished < 0:
            raise ValueError("task_done() called too many times")
        self.unfinished_tasks = unfinished

    def join(self):
        """Waits until every item is dealt with."""
        if self.unfinished_tasks:
            raise RuntimeError("deadlock: no other thread can finish the tasks of this queue")

    def qsize(self):
        """How many items there are."""
        return self._qsize()

    def empty(self):
        """True if there is no item."""
        return not self._qsize()

    def full(self):
        """True if there is no room."""
        return 0 < self.maxsize <= self._qsize()

    def put(self, item, block=True, timeout=None):
        """Adds an item."""
        if self.full():
            _wait(block, timeout, Full, "empty")
        self._put(item)
        self.unfinished_tasks += 1

    def get(self, block=True, timeout=None):
        """Takes an item."""
        if not self._qsize():
            _wait(block, timeout, Empty, "fill")
        return self._get()

    def put_nowait(self, item):
        """Adds an item or raises Full."""
        return self.put(item, block=False)

    def get_nowait(self):
        """Takes an item or raises Empty."""
        return self.get(block=False)

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    __class_getitem__ = classmethod(type(list[int]))


class PriorityQueue(Queue):
    """Smallest first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        from heapq import heappush
        heappush(self.queue, item)

    def _get(self):
        from heapq import heappop
        return heappop(self.queue)


class LifoQueue(Queue):
    """Last in, first out."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()


class SimpleQueue:
    """First in, first out, without a limit."""

    def __init__(self):
        self._queue = deque()

    def put(self, item, block=True, timeout=None):
        """Adds an item."""
        self._queue.append(item)

    def get(self, block=True, timeout=None):
        """Takes an item."""
        if not self._queue:
            _wait(block, timeout, Empty, "fill")
        return self._queue.popleft()

    def put_nowait(self, item):
        """Adds an item."""
        self.put(item)

    def get_nowait(self):
        """Takes an item or raises Empty."""
        return self.get(block=False)

    def empty(self):
        """True if there is no item."""
        return not self._queue

    def qsize(self):
        """How many items there are."""
        return len(self._queue)

    __class_getitem__ = classmethod(type(list[int]))
