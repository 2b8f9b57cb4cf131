"""Logical workers: each has random generators of its own, whatever thread does its work."""

import sys

import _data_loading

_current = None


class WorkerInfo:
    """What a dataset can learn of the worker that asks it."""

    def __init__(self, id, num_workers, seed, dataset):
        self.id = id
        self.num_workers = num_workers
        self.seed = seed
        self.dataset = dataset

    def __repr__(self):
        return f"WorkerInfo(id={self.id}, num_workers={self.num_workers}, seed={self.seed}, dataset={self.dataset!r})"


def get_worker_info():
    """The worker at work, or None in the program itself."""
    return _current


def _generate_state(base_seed, worker_id):
    """Four words to seed numpy's generator with: O'Neill's seed sequence of (worker, base seed)."""
    mask = 0xFFFFFFFF
    entropy = [worker_id, base_seed & mask, base_seed >> 32, 0]
    constant = 0x43B0D7E5

    def hashed(value):
        nonlocal constant
        value = (value ^ constant) & mask
        constant = (constant * 0x931E8875) & mask
        value = (value * constant) & mask
        return (value ^ (value >> 16)) & mask

    def mixed(x, y):
        result = (0xCA01F9DD * x - 0x4973F715 * y) & mask
        return (result ^ (result >> 16)) & mask

    pool = [hashed(value) for value in entropy]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mixed(pool[target], hashed(pool[source]))
    state, constant = [], 0x8B51F9DD
    for value in pool:
        value = (value ^ constant) & mask
        constant = (constant * 0x58F38DED) & mask
        value = (value * constant) & mask
        state.append((value ^ (value >> 16)) & mask)
    return state


class _Workers:
    """All workers of one iteration. Entering one puts its generators in the place of the program's."""

    def __init__(self, base_seed, count, dataset, images=None, chain=None):
        self.base_seed = base_seed
        self.count = count
        self.native = _data_loading.workers(base_seed, count, images, chain)
        self.infos = [WorkerInfo(i, count, base_seed + i, dataset) for i in range(count)]
        self.python_states = [None] * count
        self.numpy_states = [None] * count

    def enter(self, worker):
        global _current
        self.outer = _current
        _current = self.infos[worker]
        self.native.exchange(worker)
        # The modules are left alone until the program has loaded them: their state is nobody's before.
        random = self.random = sys.modules.get("random")
        if random is not None:
            self.outer_python = random.getstate()
            if self.python_states[worker] is None:
                random.seed(self.base_seed + worker)
            else:
                random.setstate(self.python_states[worker])
        numpy_random = self.numpy_random = sys.modules.get("numpy.random")
        if numpy_random is not None:
            self.outer_numpy = numpy_random.get_state()
            if self.numpy_states[worker] is None:
                numpy_random.seed(_generate_state(self.base_seed, worker))
            else:
                numpy_random.set_state(self.numpy_states[worker])

    def leave(self, worker):
        global _current
        _current = self.outer
        self.native.exchange(worker)
        if self.random is not None:
            self.python_states[worker] = self.random.getstate()
            self.random.setstate(self.outer_python)
        if self.numpy_random is not None:
            self.numpy_states[worker] = self.numpy_random.get_state()
            self.numpy_random.set_state(self.outer_numpy)
