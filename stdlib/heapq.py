"""A priority queue kept in a list: `heap[k] <= heap[2*k+1]` and `heap[k] <= heap[2*k+2]`."""

from _heapq import heapify, heappop, heappush, heappushpop, heapreplace

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge",
           "nlargest", "nsmallest", "heappushpop"]


def merge(*iterables, key=None, reverse=False):
    """Merges sorted inputs into one sorted iterator; equal items keep input order."""
    sources = []
    for order, it in enumerate(map(iter, iterables)):
        for value in it:
            rank = value if key is None else key(value)
            sources.append(_Head(rank, order, value, it, reverse))
            break
    heapify(sources)
    while sources:
        head = sources[0]
        yield head.value
        for value in head.rest:
            head.value = value
            head.rank = value if key is None else key(value)
            heapreplace(sources, head)
            break
        else:
            heappop(sources)


class _Head:
    """The next item of one merged input."""

    __slots__ = ("rank", "order", "value", "rest", "reverse")

    def __init__(self, rank, order, value, rest, reverse):
        self.rank = rank
        self.order = order
        self.value = value
        self.rest = rest
        self.reverse = reverse

    def __lt__(self, other):
        if self.reverse:
            if other.rank < self.rank:
                return True
            if self.rank < other.rank:
                return False
        else:
            if self.rank < other.rank:
                return True
            if other.rank < self.rank:
                return False
        return self.order < other.order


def nsmallest(n, iterable, key=None):
    """The `n` smallest items in order, as `sorted(iterable, key=key)[:n]`."""
    if n == 1:
        return _extreme(min, iterable, key)
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    """The `n` largest items, largest first, as `sorted(…, reverse=True)[:n]`."""
    if n == 1:
        return _extreme(max, iterable, key)
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]


def _extreme(choose, iterable, key):
    nothing = object()
    result = choose(iterable, default=nothing, key=key)
    return [] if result is nothing else [result]
