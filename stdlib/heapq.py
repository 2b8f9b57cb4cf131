"""A priority queue kept in a list: `heap[k] <= heap[2*k+1]` and `heap[k] <= heap[2*k+2]`."""

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge",
           "nlargest", "nsmallest", "heappushpop"]


def _sift_up_from(heap, start, pos):
    """Moves heap[pos] towards `start` until its parent is no larger."""
    item = heap[pos]
    while pos > start:
        parent_pos = (pos - 1) >> 1
        parent = heap[parent_pos]
        if not item < parent:
            break
        heap[pos] = parent
        pos = parent_pos
    heap[pos] = item


def _sift_to_leaf(heap, pos):
    """Moves the hole at `pos` down to a leaf, then its item up into place.

    Going to the leaf first saves comparisons: the item came from the end of
    the heap and nearly always belongs near a leaf.
    """
    end = len(heap)
    start = pos
    item = heap[pos]
    child = 2 * pos + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[pos] = heap[child]
        pos = child
        child = 2 * pos + 1
    heap[pos] = item
    _sift_up_from(heap, start, pos)


def heappush(heap, item):
    """Pushes `item`, keeping the heap order."""
    heap.append(item)
    _sift_up_from(heap, 0, len(heap) - 1)


def heappop(heap):
    """Removes and returns the smallest item; IndexError if empty."""
    last = heap.pop()
    if heap:
        smallest = heap[0]
        heap[0] = last
        _sift_to_leaf(heap, 0)
        return smallest
    return last


def heapreplace(heap, item):
    """Pops the smallest item, then pushes `item`."""
    smallest = heap[0]
    heap[0] = item
    _sift_to_leaf(heap, 0)
    return smallest


def heappushpop(heap, item):
    """Pushes `item`, then pops the smallest."""
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sift_to_leaf(heap, 0)
    return item


def heapify(x):
    """Puts a list in heap order, in place and in linear time."""
    for i in reversed(range(len(x) // 2)):
        _sift_to_leaf(x, i)


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
            _sift_to_leaf(sources, 0)
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
