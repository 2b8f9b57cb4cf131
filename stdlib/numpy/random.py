"""Random numbers: the streams of `RandomState` and the functions of the module, equal to NumPy's for equal seeds."""

import os as _os
import _numpy as _n
from _numpy import asarray, array, arange, ndarray

from numpy._statistics import unique as _unique


def _shape(size):
    return None if size is None else ((size,) if isinstance(size, int) else tuple(size))


def _plain(value):
    return value.item() if isinstance(value, (ndarray, _n.generic)) and asarray(value).ndim == 0 else value


class RandomState:
    """A stream of mt19937 with NumPy's legacy sampling."""

    def __init__(self, seed=None):
        self._stream = _n._MT19937()
        self.seed(seed)

    def seed(self, seed=None):
        if seed is None:
            self._stream.seed_by_array(_n.frombuffer(_os.urandom(16), "int32"))
            return
        seed = asarray(seed)
        if seed.dtype.kind not in "iu":
            raise TypeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'")
        if ((seed < 0) | (seed > 4294967295)).any():
            raise ValueError("Seed must be between 0 and 2**32 - 1")
        if seed.ndim == 0:
            self._stream.seed(int(seed))
        else:
            if seed.size == 0:
                raise ValueError("Seed must be non-empty")
            if seed.ndim != 1:
                raise ValueError("Seed array must be 1-d")
            self._stream.seed_by_array(seed)

    def get_state(self, legacy=True):
        words, position, has_gauss, gauss = self._stream.state()
        if legacy:
            return ("MT19937", words, position, has_gauss, gauss)
        return {"bit_generator": "MT19937", "state": {"key": words, "pos": position}, "has_gauss": has_gauss, "gauss": gauss}

    def set_state(self, state):
        if isinstance(state, dict):
            state = (state["bit_generator"], state["state"]["key"], state["state"]["pos"], state.get("has_gauss", 0), state.get("gauss", 0.0))
        if state[0] != "MT19937":
            raise ValueError("set_state can only be used with legacy MT19937 state instances.")
        self._stream.set_state(state[1], state[2], state[3] if len(state) > 3 else 0, state[4] if len(state) > 3 else 0.0)

    def random_sample(self, size=None):
        return self._stream.doubles(size)

    random = random_sample
    ranf = random_sample
    sample = random_sample

    def rand(self, *args):
        return self._stream.doubles(args if args else None)

    def randn(self, *args):
        return self._stream.normals(args if args else None)

    def standard_normal(self, size=None):
        return self._stream.normals(size)

    def _located(self, draw, first, second, size, combine):
        first, second = _plain(first), _plain(second)
        if isinstance(first, (ndarray, list, tuple)) or isinstance(second, (ndarray, list, tuple)):
            first, second = asarray(first), asarray(second)
            if size is None:
                size = (first + second).shape
        return combine(first, second, draw(size))

    def normal(self, loc=0.0, scale=1.0, size=None):
        if (asarray(scale) < 0).any():
            raise ValueError("scale < 0")
        return self._located(self._stream.normals, loc, scale, size, lambda loc, scale, draw: loc + scale * draw)

    def uniform(self, low=0.0, high=1.0, size=None):
        return self._located(self._stream.doubles, low, high, size, lambda low, high, draw: low + (high - low) * draw)

    def exponential(self, scale=1.0, size=None):
        if (asarray(scale) < 0).any():
            raise ValueError("scale < 0")
        return self._located(self._stream.exponentials, scale, 0.0, size, lambda scale, unused, draw: scale * draw)

    def standard_exponential(self, size=None):
        return self._stream.exponentials(size)

    def laplace(self, loc=0.0, scale=1.0, size=None):
        raise NotImplementedError("laplace is not available; normal, uniform and exponential are")

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        return _n.exp(self.normal(mean, sigma, size)) if size is not None else float(_n.exp(self.normal(mean, sigma)))

    def randint(self, low, high=None, size=None, dtype=int):
        low, high = _plain(low), _plain(high)
        if high is None:
            low, high = 0, low
        if isinstance(low, (ndarray, list, tuple)) or isinstance(high, (ndarray, list, tuple)):
            low, high = asarray(low), asarray(high)
            target = _shape(size) if size is not None else (low + high).shape
            low, high = _n.broadcast_to(low, target).ravel().tolist(), _n.broadcast_to(high, target).ravel().tolist()
            return array([self.randint(a, b, None, dtype) for a, b in zip(low, high)], dtype=dtype).reshape(target)
        if isinstance(low, float):
            low = int(low)
        if isinstance(high, float):
            high = int(high) if high == int(high) else int(high) + 1
        if low >= high:
            raise ValueError("low >= high")
        kind = "int64" if dtype is int else _n.dtype(dtype)
        if dtype is bool:
            kind = "bool"
        result = self._stream.integers(low, high - 1, size, kind)
        if size is None and dtype is not int and dtype is not bool:
            return _n.dtype(dtype).type(result)
        return result

    def random_integers(self, low, high=None, size=None):
        return self.randint(1, low + 1, size) if high is None else self.randint(low, high + 1, size)

    def shuffle(self, x):
        if isinstance(x, ndarray):
            if x.ndim == 0:
                raise TypeError("object of type 'int' has no len()")
            x[...] = x[self._stream.shuffled(len(x))]
            return
        x[:] = [x[place] for place in self._stream.shuffled(len(x)).tolist()]

    def permutation(self, x):
        if isinstance(x, (int, _n.integer)):
            return self._stream.shuffled(int(x))
        x = asarray(x)
        if x.ndim == 0:
            return self._stream.shuffled(int(x))
        return x[self._stream.shuffled(len(x))]

    def choice(self, a, size=None, replace=True, p=None):
        pool = asarray(a)
        if pool.ndim == 0:
            count = int(pool)
            if count <= 0:
                raise ValueError("a must be greater than 0 unless no samples are taken")
        elif pool.ndim == 1:
            count = pool.size
            if count == 0:
                raise ValueError("'a' cannot be empty unless no samples are taken")
        else:
            raise ValueError("a must be 1-dimensional")
        shape = _shape(size)
        total = 1
        for one in shape or ():
            total *= one
        if p is not None:
            p = asarray(p).astype("float64")
            if p.ndim != 1:
                raise ValueError("'p' must be 1-dimensional")
            if p.size != count:
                raise ValueError("'a' and 'p' must have same size")
            if (p < 0).any():
                raise ValueError("probabilities are not non-negative")
            if abs(float(p.sum()) - 1.0) > 1.4901161193847656e-08:
                raise ValueError("probabilities do not sum to 1")
        if replace:
            if p is None:
                places = self.randint(0, count, size)
            else:
                steps = p.cumsum()
                steps = steps / steps[-1]
                places = steps.searchsorted(self.random_sample(size), "right")
                if size is None:
                    places = int(places)
        else:
            if total > count:
                raise ValueError("Cannot take a larger sample than population when 'replace=False'")
            if p is None:
                places = self.permutation(count)[:total]
            else:
                places = self._weighted_without(p, total)
            places = int(places[0]) if size is None else places.reshape(shape)
        if pool.ndim == 0:
            return places
        return pool[places]

    def _weighted_without(self, p, total):
        if int((p > 0).sum()) < total:
            raise ValueError("Fewer non-zero entries in p than size")
        p = p.copy()
        found = []
        while len(found) < total:
            draws = self.rand(total - len(found))
            if found:
                p[found] = 0
            steps = p.cumsum()
            steps = steps / steps[-1]
            new = steps.searchsorted(draws, "right")
            first = _unique(new, return_index=True)[1]
            first.sort()
            found += new.take(first).tolist()
        return array(found, dtype="int64")

    def bytes(self, length):
        words = self._stream.integers(0, 4294967295, max(0, (length - 1) // 4 + 1), "int64")
        return words.astype("int32").tobytes()[:length]

    def multivariate_normal(self, mean, cov, size=None):
        raise NotImplementedError("multivariate_normal is not available; transform standard_normal by a factor of the covariance")


def default_rng(seed=None):
    raise NotImplementedError("default_rng (PCG64) is not available: use np.random.RandomState(seed), whose streams equal NumPy's")


_state = RandomState()
seed = _state.seed
get_state = _state.get_state
set_state = _state.set_state
random_sample = _state.random_sample
random = _state.random_sample
ranf = _state.random_sample
sample = _state.random_sample
rand = _state.rand
randn = _state.randn
standard_normal = _state.standard_normal
normal = _state.normal
uniform = _state.uniform
exponential = _state.exponential
standard_exponential = _state.standard_exponential
lognormal = _state.lognormal
randint = _state.randint
random_integers = _state.random_integers
shuffle = _state.shuffle
permutation = _state.permutation
choice = _state.choice
bytes = _state.bytes
