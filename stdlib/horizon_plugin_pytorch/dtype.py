"""The integer types of quantised tensors, by name."""

qbool = "qbool"
quint4 = "quint4"
qint4 = "qint4"
qint8 = "qint8"
qint16 = "qint16"
qint32 = "qint32"
qint64 = "qint64"

_LIMITS = {
    "qbool": (0, 1, 1), "quint4": (0, 15, 4), "qint4": (-8, 7, 4), "qint8": (-128, 127, 8), "qint16": (-32768, 32767, 16),
    "qint32": (-(2 ** 31), 2 ** 31 - 1, 32), "qint64": (-(2 ** 63), 2 ** 63 - 1, 64),
}


class qinfo:
    """Limits of a quantised dtype: `min`, `max`, `bits`."""

    def __init__(self, dtype):
        assert dtype in _LIMITS, f"unsupported dtype: {dtype}"
        self.dtype = dtype
        self.min, self.max, self.bits = _LIMITS[dtype]

    def __repr__(self):
        return f"qinfo(min={self.min}, max={self.max}, bits={self.bits}, dtype={self.dtype})"
