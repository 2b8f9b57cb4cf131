"""The part of NumPy that training and vision scripts use: arrays of numbers over the memory tensors have.

Elements, dtypes, shapes and printing are NumPy 2's. Dtypes are bool, uint8, int8, int16, int32, int64, float32 and float64.
"""

from _numpy import *
from _numpy import _set_axis_error
from numpy import exceptions
from numpy.exceptions import AxisError

_set_axis_error(AxisError)

import _numpy

bool_ = _numpy.bool_
bool = bool_
float_power = power
asanyarray = asarray
pi = 3.141592653589793
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
newaxis = None
True_ = bool_(1)
False_ = bool_(0)
intp = int64
int_ = int64
intc = int32
double = float64
single = float32
byte = int8
ubyte = uint8
short = int16
__version__ = "2.4"

from numpy._shapes import (
    array_split, atleast_1d, atleast_2d, atleast_3d, broadcast_arrays, broadcast_shapes, column_stack, delete, diag, diagonal, diff, dstack, append,
    expand_dims, fliplr, flipud, hsplit, hstack, insert, moveaxis, ndim, pad, permute_dims, ravel, repeat, reshape, resize, roll, rollaxis, rot90, shape,
    size, split, squeeze, stack, swapaxes, take, take_along_axis, put_along_axis, trace, transpose, unravel_index, ravel_multi_index, vsplit, vstack,
    apply_along_axis, ndindex, ndenumerate,
)
from numpy._creation import (
    ascontiguousarray, copy, copyto, empty_like, fromiter, full_like, geomspace, identity, indices, linspace, logspace, meshgrid,
    mgrid, ogrid, ones_like, r_, c_, tri, vander, zeros_like, fromfunction, finfo, iinfo, isscalar, iterable,
)
from numpy._statistics import (
    allclose, array_equal, array_equiv, average, argpartition, argsort, argwhere, array_repr, array_str, around, convolve, corrcoef, count_nonzero, cov, cross, digitize, einsum, extract,
    flatnonzero, histogram, histogram_bin_edges, histogram2d, in1d, inner, interp, intersect1d, isclose, isin, kron, median, nan_to_num, nanargmax,
    nanargmin, nanmax, nanmean, nanmedian, nanmin, nanpercentile, nanprod, nanstd, nansum, nanvar, outer, partition, percentile, piecewise, polyfit, polyval,
    ptp, quantile, round, searchsorted, select, setdiff1d, sinc, tensordot, trapezoid, union1d, unique, vdot, gradient, heaviside, place, putmask,
    lexsort, issubdtype, can_cast, vectorize, errstate, seterr, printoptions, bitwise_count, isneginf, isposinf, isreal,
)
from numpy._files import load, save, savez, savez_compressed, loadtxt, savetxt, genfromtxt, fromstring, fromfile
from numpy import linalg, random, testing

acos, asin, atan, atan2 = arccos, arcsin, arctan, arctan2
acosh, asinh, atanh = arccosh, arcsinh, arctanh
concat = concatenate
pow = power
bitwise_invert = invert
