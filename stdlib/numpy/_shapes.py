"""Functions that rearrange arrays: most are methods or one view away."""

from _numpy import asarray, array, concatenate, arange, zeros, empty, full, ndarray, flip, broadcast_to, clip, nonzero, where, ones, triu
from _numpy import int64 as _int64
from numpy.exceptions import AxisError


def _axis(axis, rank):
    axis = axis.__index__()
    if not -rank <= axis < rank:
        raise AxisError(f"axis {axis} is out of bounds for array of dimension {rank}")
    return axis % rank


def _axes(axis, rank):
    return tuple(_axis(one, rank) for one in (axis if isinstance(axis, (tuple, list)) else (axis,)))


def shape(a):
    return asarray(a).shape


def ndim(a):
    return asarray(a).ndim


def size(a, axis=None):
    a = asarray(a)
    return a.size if axis is None else a.shape[_axis(axis, a.ndim)]


def reshape(a, shape, order="C", copy=None):
    return asarray(a).reshape(shape, order=order)


def ravel(a, order="C"):
    return asarray(a).ravel(order)


def transpose(a, axes=None):
    return asarray(a).transpose() if axes is None else asarray(a).transpose(axes)


permute_dims = transpose


def swapaxes(a, axis1, axis2):
    return asarray(a).swapaxes(axis1, axis2)


def squeeze(a, axis=None):
    return asarray(a).squeeze(axis)


def repeat(a, repeats, axis=None):
    return asarray(a).repeat(repeats, axis)


def take(a, indices, axis=None, out=None, mode="raise"):
    return asarray(a).take(indices, axis)


def expand_dims(a, axis):
    a = asarray(a)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    rank = a.ndim + len(axes)
    places = [_axis_expanded(one, rank, a.ndim + 1 if len(axes) == 1 else rank) for one in axes]
    if len(set(places)) != len(places):
        raise ValueError("repeated axis")
    sizes = list(a.shape)
    return a.reshape([1 if place in places else sizes.pop(0) for place in range(rank)])


def _axis_expanded(axis, rank, bound):
    if not -bound <= axis < bound:
        raise AxisError(f"axis {axis} is out of bounds for array of dimension {rank}")
    return axis % rank


def moveaxis(a, source, destination):
    a = asarray(a)
    source = _axes(source, a.ndim)
    destination = _axes(destination, a.ndim)
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [axis for axis in range(a.ndim) if axis not in source]
    for place, axis in sorted(zip(destination, source)):
        order.insert(place, axis)
    return a.transpose(order)


def rollaxis(a, axis, start=0):
    a = asarray(a)
    axis = _axis(axis, a.ndim)
    if start < 0:
        start += a.ndim
    if axis < start:
        start -= 1
    order = [one for one in range(a.ndim) if one != axis]
    order.insert(start, axis)
    return a.transpose(order)


def atleast_1d(*arrays):
    made = [asarray(a).reshape(1) if asarray(a).ndim == 0 else asarray(a) for a in arrays]
    return made[0] if len(made) == 1 else tuple(made)


def atleast_2d(*arrays):
    made = []
    for a in arrays:
        a = asarray(a)
        made.append(a if a.ndim >= 2 else a.reshape(1, -1))
    return made[0] if len(made) == 1 else tuple(made)


def atleast_3d(*arrays):
    made = []
    for a in arrays:
        a = asarray(a)
        if a.ndim <= 1:
            a = a.reshape(1, -1, 1)
        elif a.ndim == 2:
            a = a.reshape(a.shape + (1,))
        made.append(a)
    return made[0] if len(made) == 1 else tuple(made)


def stack(arrays, axis=0, out=None, *, dtype=None):
    arrays = [asarray(a) for a in arrays]
    if not arrays:
        raise ValueError("need at least one array to stack")
    if len({a.shape for a in arrays}) != 1:
        raise ValueError("all input arrays must have the same shape")
    rank = arrays[0].ndim + 1
    place = _axis(axis, rank)
    sizes = arrays[0].shape[:place] + (1,) + arrays[0].shape[place:]
    return concatenate([a.reshape(sizes) for a in arrays], axis=place, out=out, dtype=dtype)


def vstack(tup, *, dtype=None):
    return concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype)


def hstack(tup, *, dtype=None):
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def dstack(tup):
    return concatenate([atleast_3d(a) for a in tup], 2)


def column_stack(tup):
    return concatenate([a.reshape(-1, 1) if a.ndim < 2 else a for a in map(asarray, tup)], 1)


def append(arr, values, axis=None):
    if axis is None:
        return concatenate([asarray(arr).ravel(), asarray(values).ravel()])
    return concatenate([arr, values], axis=axis)


def array_split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    axis = _axis(axis, ary.ndim)
    total = ary.shape[axis]
    if isinstance(indices_or_sections, int):
        if indices_or_sections <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, extra = divmod(total, indices_or_sections)
        edges = [0]
        for part in range(indices_or_sections):
            edges.append(edges[-1] + each + (1 if part < extra else 0))
    else:
        edges = [0] + list(indices_or_sections) + [total]
    head = (slice(None),) * axis
    return [ary[head + (slice(start, stop),)] for start, stop in zip(edges[:-1], edges[1:])]


def split(ary, indices_or_sections, axis=0):
    if isinstance(indices_or_sections, int) and asarray(ary).shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0 if asarray(ary).ndim == 1 else 1)


def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


def fliplr(m):
    return flip(m, 1)


def flipud(m):
    return flip(m, 0)


def rot90(m, k=1, axes=(0, 1)):
    m = asarray(m)
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    if k == 1:
        return flip(m, axes[1]).swapaxes(axes[0], axes[1])
    return flip(m.swapaxes(axes[0], axes[1]), axes[1])


def roll(a, shift, axis=None):
    a = asarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    axes = _axes(axis, a.ndim)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,) * len(axes)
    if len(axes) == 1 and len(shifts) > 1:
        axes *= len(shifts)
    for one, by in zip(axes, shifts):
        count = a.shape[one]
        if count:
            a = a.take((arange(count) - by) % count, one)
    return a


def broadcast_shapes(*shapes):
    result = ()
    for one in shapes:
        result = (zeros(result) + zeros(one)).shape
    return result


def broadcast_arrays(*arrays):
    arrays = [asarray(a) for a in arrays]
    target = broadcast_shapes(*[a.shape for a in arrays])
    return tuple(broadcast_to(a, target) for a in arrays)


def diag(v, k=0):
    v = asarray(v)
    if v.ndim == 1:
        n = v.size + abs(k)
        result = zeros((n, n), v.dtype)
        rows = arange(v.size) + max(0, -k)
        result[rows, rows + k] = v
        return result
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagonal(a, offset=0, axis1=0, axis2=1):
    a = asarray(a)
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    moved = moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = moved.shape[-2:]
    first = max(0, -offset)
    count = max(0, min(rows - first, columns - max(0, offset)))
    places = arange(count) + first
    return moved[..., places, places + offset]


def trace(a, offset=0, axis1=0, axis2=1):
    return diagonal(a, offset, axis1, axis2).sum(-1)


def diff(a, n=1, axis=-1):
    a = asarray(a)
    axis = _axis(axis, a.ndim)
    head = (slice(None),) * axis
    for _ in range(n):
        later, earlier = a[head + (slice(1, None),)], a[head + (slice(None, -1),)]
        a = later != earlier if a.dtype == "bool" else later - earlier
    return a


def resize(a, new_shape):
    a = asarray(a).ravel()
    sizes = (new_shape,) if isinstance(new_shape, int) else tuple(new_shape)
    count = 1
    for one in sizes:
        count *= one
    if a.size == 0:
        return zeros(sizes, a.dtype)
    return a.take(arange(count) % a.size).reshape(sizes)


def delete(arr, obj, axis=None):
    arr = asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    count = arr.shape[axis]
    keep = ones(count, "bool")
    if isinstance(obj, slice):
        keep[obj] = False
    else:
        where_ = asarray(obj)
        if where_.dtype == "bool":
            keep = ~where_
        else:
            for one in where_.ravel().tolist():
                if not -count <= one < count:
                    raise IndexError(f"index {one} is out of bounds for axis {axis} with size {count}")
            keep[where_.astype(_int64)] = False
    return arr[(slice(None),) * axis + (keep,)]


def insert(arr, obj, values, axis=None):
    arr = asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    axis = _axis(axis, arr.ndim)
    place = int(obj)
    if not -arr.shape[axis] <= place <= arr.shape[axis]:
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {arr.shape[axis]}")
    if place < 0:
        place += arr.shape[axis]
    head = (slice(None),) * axis
    values = array(values, dtype=arr.dtype)
    if values.ndim < arr.ndim and values.ndim:
        values = expand_dims(values, axis) if arr.ndim > 1 else values
    width = 1 if values.ndim < arr.ndim else values.shape[axis]
    values = broadcast_to(values, arr.shape[:axis] + (width,) + arr.shape[axis + 1:])
    return concatenate([arr[head + (slice(None, place),)], values, arr[head + (slice(place, None),)]], axis)


def _widths(pad_width, rank):
    widths = asarray(pad_width)
    if widths.ndim == 0:
        return [(int(widths), int(widths))] * rank
    if widths.ndim == 1:
        pair = widths.tolist()
        return [(pair[0], pair[-1])] * rank
    pairs = [(one[0], one[-1]) for one in widths.tolist()]
    if len(pairs) == 1:
        pairs *= rank
    if len(pairs) != rank:
        raise ValueError(f"operands could not be broadcast together with remapped shapes [original->remapped]: {widths.shape} and requested shape ({rank},2)")
    return pairs


def pad(array, pad_width, mode="constant", constant_values=0):
    array = asarray(array)
    for axis, (before, after) in enumerate(_widths(pad_width, array.ndim)):
        if before < 0 or after < 0:
            raise ValueError("index can't contain negative values")
        count = array.shape[axis]
        if mode == "constant":
            fill = asarray(constant_values).ravel()
            sizes = list(array.shape)
            parts = []
            for width, value in ((before, fill[0]), (after, fill[-1])):
                sizes[axis] = width
                parts.append(full(sizes, value, array.dtype))
            array = concatenate([parts[0], array, parts[1]], axis)
            continue
        places = arange(-before, count + after)
        if count == 0 and before + after:
            raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
        if mode == "edge":
            places = clip(places, 0, count - 1)
        elif mode == "wrap":
            places = places % count
        elif mode == "reflect":
            period = max(1, 2 * (count - 1))
            places = places % period
            places = where(places >= count, period - places, places)
        elif mode == "symmetric":
            places = places % (2 * count)
            places = where(places >= count, 2 * count - 1 - places, places)
        else:
            raise ValueError(f"mode '{mode}' is not supported: 'constant', 'edge', 'reflect', 'symmetric' and 'wrap' are")
        array = array.take(places, axis)
    return array


def take_along_axis(arr, indices, axis=-1):
    arr, indices = asarray(arr), asarray(indices)
    if axis is None:
        arr, axis = arr.ravel(), 0
    return arr[_along(arr, indices, axis)]


def put_along_axis(arr, indices, values, axis):
    arr[_along(arr, asarray(indices), axis)] = values


def _along(arr, indices, axis):
    axis = _axis(axis, arr.ndim)
    if indices.ndim != arr.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    key = []
    for place in range(arr.ndim):
        if place == axis:
            key.append(indices)
        else:
            key.append(arange(arr.shape[place]).reshape([-1 if one == place else 1 for one in range(arr.ndim)]))
    return tuple(key)


def unravel_index(indices, shape, order="C"):
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    indices = asarray(indices)
    total = 1
    for one in shape:
        total *= one
    if indices.size and (indices.max() >= total or indices.min() < 0):
        wrong = int(indices.max() if indices.max() >= total else indices.min())
        raise ValueError(f"index {wrong} is out of bounds for array with size {total}")
    result = []
    for one in reversed(shape):
        result.append(indices % one)
        indices = indices // one
    return tuple((one if one.ndim else one[()]) for one in map(asarray, reversed(result)))


def ravel_multi_index(multi_index, dims):
    result = 0
    for one, count in zip(multi_index, dims):
        one = asarray(one)
        if one.size and (one.max() >= count or one.min() < 0):
            raise ValueError("invalid entry in coordinates array")
        result = result * count + one
    return result


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    arr = asarray(arr)
    axis = _axis(axis, arr.ndim)
    moved = moveaxis(arr, axis, -1)
    lead = moved.shape[:-1]
    results = [asarray(func1d(row, *args, **kwargs)) for row in moved.reshape(-1, moved.shape[-1])]
    if not results:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    result = stack(results).reshape(lead + results[0].shape)
    return moveaxis(result, -1, axis) if results[0].ndim == 1 else result


def ndindex(*shape):
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    count = 1
    for one in shape:
        count *= one
    for number in range(count):
        place = []
        for one in reversed(shape):
            place.append(number % one)
            number //= one
        yield tuple(reversed(place))


def ndenumerate(arr):
    arr = asarray(arr)
    for place in ndindex(*arr.shape):
        yield place, arr[place]
