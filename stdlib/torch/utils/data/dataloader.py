"""The loader: batches of a dataset, in PyTorch's order and from PyTorch's random numbers.

`num_workers` counts logical workers. Worker i has generators seeded with the base seed + i, and gets every num_workers-th batch, as
PyTorch deals them to its processes. Where dataset and transform are the library's own, images are prepared ahead on threads; code of the
program (a dataset, a transform, `collate_fn`) runs when its batch is asked for, with its worker's generators in place.
"""

import math
from typing import Generic, TypeVar

import torch

import _data_loading
from ._utils import collate, worker
from .dataset import IterableDataset, Subset
from .sampler import BatchSampler, RandomSampler, SequentialSampler

T_co = TypeVar("T_co", covariant=True)

_FIXED = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")


class _InfiniteConstantSampler:
    def __iter__(self):
        while True:
            yield None


class DataLoader(Generic[T_co]):
    __initialized = False

    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
                 pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *,
                 prefetch_factor=None, persistent_workers=False, pin_memory_device="", in_order=True):
        if num_workers < 0:
            raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        if num_workers == 0 and prefetch_factor is not None:
            raise ValueError(
                "prefetch_factor option could only be specified in multiprocessing."
                "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.")
        if num_workers > 0 and prefetch_factor is None:
            prefetch_factor = 2
        elif prefetch_factor is not None and prefetch_factor < 0:
            raise ValueError("prefetch_factor option should be non-negative")
        if persistent_workers and num_workers == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        self._iterable = isinstance(dataset, IterableDataset)
        if self._iterable:
            if shuffle not in (False, None):
                raise ValueError(f"DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle={shuffle}")
            if sampler is not None:
                raise ValueError(f"DataLoader with IterableDataset: expected unspecified sampler option, but got sampler={sampler}")
            if batch_sampler is not None:
                raise ValueError(
                    f"DataLoader with IterableDataset: expected unspecified batch_sampler option, but got batch_sampler={batch_sampler}")
        shuffle = bool(shuffle)
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
            batch_size = None
            drop_last = False
        elif batch_size is None and drop_last:
            raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")
        if sampler is None:
            if self._iterable:
                sampler = _InfiniteConstantSampler()
            else:
                sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        if collate_fn is None:
            collate_fn = collate.default_collate if self._auto_collation else collate.default_convert
        self.collate_fn = collate_fn
        self.persistent_workers = persistent_workers
        self._iterator = None
        self.__initialized = True

    def __setattr__(self, attr, val):
        if self.__initialized and attr in _FIXED:
            raise ValueError(f"{attr} attribute should not be set after {self.__class__.__name__} is initialized")
        super().__setattr__(attr, val)

    @property
    def _auto_collation(self):
        return self.batch_sampler is not None

    @property
    def _index_sampler(self):
        return self.batch_sampler if self._auto_collation else self.sampler

    def __iter__(self):
        if self.num_workers == 0:
            return _SingleProcessDataLoaderIter(self)
        if not self.persistent_workers:
            return _WorkersDataLoaderIter(self)
        if self._iterator is None:
            self._iterator = _WorkersDataLoaderIter(self)
        else:
            self._iterator._reset()
        return self._iterator

    def __len__(self):
        if self._iterable:
            length = len(self.dataset)
            if self.batch_size is None:
                return length
            return length // self.batch_size if self.drop_last else math.ceil(length / self.batch_size)
        return len(self._index_sampler)


def _native_source(dataset):
    """(images, targets, transform, target transform, indices) of a dataset of the library's own, else None."""
    if type(dataset) is Subset:
        inner = _native_source(dataset.dataset)
        if inner is None:
            return None
        images, targets, transform, target_transform, indices = inner
        chosen = [int(i) for i in dataset.indices]
        return images, targets, transform, target_transform, chosen if indices is None else [indices[i] for i in chosen]
    source = getattr(dataset, "_native_source", None)
    if source is None or hasattr(dataset, "__getitems__"):
        return None
    found = source()
    if found is None:
        return None
    return found[0], found[1], dataset.transform, dataset.target_transform, None


class _NativePath:
    """A dataset whose images are prepared without the language."""

    def __init__(self, images, chain, targets, target_transform, indices):
        self.images = images
        self.chain = chain
        self.targets = targets
        self.target_transform = target_transform
        self.indices = indices

    @staticmethod
    def of(loader):
        if loader._iterable or not loader._auto_collation:
            return None
        found = _native_source(loader.dataset)
        if found is None:
            return None
        images, targets, transform, target_transform, indices = found
        from torchvision.transforms.transforms import native_chain
        lowered = native_chain(transform)
        if lowered is None:
            return None
        return _NativePath(images, _data_loading.chain(*lowered), targets, target_transform, indices)

    def positions(self, indices):
        """The numbers of the images behind a batch's indices."""
        if self.indices is None:
            return indices
        return [self.indices[i] for i in indices]

    def samples(self, prepared, positions):
        targets, transform = self.targets, self.target_transform
        if transform is None:
            return [(sample, targets[i]) for sample, i in zip(prepared, positions)]
        return [(sample, transform(targets[i])) for sample, i in zip(prepared, positions)]


class _Fetcher:
    """Samples and batches by code of the program."""

    def __init__(self, loader, dataset):
        self.loader = loader
        self.dataset = dataset
        self.collate_fn = loader.collate_fn
        self.iterator = iter(dataset) if loader._iterable else None
        self.ended = False

    def fetch(self, indices):
        if self.iterator is not None:
            return self.collate_fn(self._next(indices))
        if not self.loader._auto_collation:
            return self.collate_fn(self.dataset[indices])
        whole = getattr(self.dataset, "__getitems__", None)
        if whole:
            return self.collate_fn(whole(indices))
        dataset = self.dataset
        return self.collate_fn([dataset[i] for i in indices])

    def _next(self, indices):
        if self.ended:
            raise StopIteration
        if not self.loader._auto_collation:
            return next(self.iterator)
        samples = []
        for _ in indices:
            try:
                samples.append(next(self.iterator))
            except StopIteration:
                self.ended = True
                break
        if not samples or (self.loader.drop_last and len(samples) < len(indices)):
            raise StopIteration
        return samples


class _BaseDataLoaderIter:
    def __init__(self, loader):
        self._loader = loader
        self._dataset = loader.dataset
        self._num_workers = loader.num_workers
        self._collate_fn = loader.collate_fn
        self._sampler_iter = iter(loader._index_sampler)
        self._base_seed = int(torch.empty((), dtype=torch.int64).random_(generator=loader.generator).item())
        self._path = _NativePath.of(loader)

    def __iter__(self):
        return self

    def __len__(self):
        return len(self._loader)


class _SingleProcessDataLoaderIter(_BaseDataLoaderIter):
    def __init__(self, loader):
        super().__init__(loader)
        self._fetcher = _Fetcher(loader, self._dataset) if self._path is None else None

    def __next__(self):
        indices = next(self._sampler_iter)
        path = self._path
        if path is None:
            return self._fetcher.fetch(indices)
        positions = path.positions(indices)
        return self._collate_fn(path.samples(_data_loading.samples(path.images, path.chain, positions), positions))


class _WorkersDataLoaderIter(_BaseDataLoaderIter):
    """Batches dealt to logical workers in turn."""

    def __init__(self, loader):
        super().__init__(loader)
        path = self._path
        self._workers = worker._Workers(
            self._base_seed, self._num_workers, self._dataset, None if path is None else path.images, None if path is None else path.chain)
        self._started = [False] * self._num_workers
        self._begin()

    def _reset(self):
        """Starts another epoch with the workers as they are."""
        for turn in range(self._num_workers):
            if self._path is not None:
                self._workers.native.take(turn)
        self._sampler_iter = iter(self._loader._index_sampler)
        self._begin()

    def _begin(self):
        loader = self._loader
        self._fetchers = [None] * self._num_workers
        self._finished = [False] * self._num_workers
        # Lists of indices wait for their workers, two for each, as PyTorch draws them ahead.
        self._waiting = [[] for _ in range(self._num_workers)]
        self._send = 0
        self._receive = 0
        for _ in range(loader.prefetch_factor * self._num_workers):
            self._draw()
        if self._path is not None:
            for i in range(self._num_workers):
                if self._started[i] or loader.worker_init_fn is None:
                    self._started[i] = True
                    self._submit(i)

    def _draw(self):
        """Takes the next indices from the sampler and deals them to the next worker."""
        try:
            indices = next(self._sampler_iter)
        except StopIteration:
            return
        for _ in range(self._num_workers):
            turn = self._send % self._num_workers
            self._send += 1
            if not self._finished[turn]:
                self._waiting[turn].append(indices)
                return

    def _submit(self, turn):
        """Lets a worker prepare its next images ahead."""
        if self._waiting[turn]:
            self._workers.native.submit(turn, self._path.positions(self._waiting[turn][0]))

    def __next__(self):
        while True:
            turn = self._receive % self._num_workers
            if not self._waiting[turn]:
                if not any(self._waiting):
                    if not self._loader.persistent_workers:
                        self._workers.native.stop()
                    raise StopIteration
                self._receive += 1
                continue
            self._receive += 1
            done, batch = self._fetch(turn)
            self._draw()
            if done:
                return batch

    def _fetch(self, turn):
        """(True, batch), or (False, None) when the worker's iterable dataset has ended."""
        path = self._path
        if path is not None and not self._started[turn]:
            self._start(turn)
            self._submit(turn)
        indices = self._waiting[turn].pop(0)
        if path is None:
            return self._fetch_in_program(turn, indices)
        positions = path.positions(indices)
        prepared = self._workers.native.take(turn)
        if self._collate_fn is collate.default_collate and path.target_transform is None:
            batch = collate.default_collate(path.samples(prepared, positions))
        else:
            self._workers.enter(turn)
            try:
                batch = self._collate_fn(path.samples(prepared, positions))
            except Exception as error:
                error.add_note(f"in DataLoader worker {turn}")
                raise
            finally:
                self._workers.leave(turn)
        self._submit(turn)
        return True, batch

    def _start(self, turn):
        self._started[turn] = True
        if self._loader.worker_init_fn is not None:
            self._workers.enter(turn)
            try:
                self._loader.worker_init_fn(turn)
            finally:
                self._workers.leave(turn)

    def _fetch_in_program(self, turn, indices):
        if not self._started[turn]:
            self._start(turn)
        self._workers.enter(turn)
        try:
            if self._fetchers[turn] is None:
                self._fetchers[turn] = _Fetcher(self._loader, self._dataset)
            return True, self._fetchers[turn].fetch(indices)
        except StopIteration:
            if not self._loader._iterable:
                raise
            self._finished[turn] = True
            self._waiting[turn] = []
            return False, None
        except Exception as error:
            error.add_note(f"in DataLoader worker {turn}")
            raise
        finally:
            self._workers.leave(turn)
