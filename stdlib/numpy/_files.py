"""Arrays in files: .npy, .npz, text."""

import os
import _numpy as _n
from _numpy import asarray, array, frombuffer


class NpzFile:
    """The arrays of an .npz archive by name."""

    def __init__(self, path):
        self._arrays = dict(_n._load_archive(path))
        self.files = list(self._arrays)
        self._path = path

    def __getitem__(self, key):
        if key.endswith(".npy"):
            key = key[:-4]
        if key not in self._arrays:
            raise KeyError(f"{key} is not a file in the archive")
        return self._arrays[key]

    def __contains__(self, key):
        return key in self._arrays

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def keys(self):
        return self._arrays.keys()

    def values(self):
        return self._arrays.values()

    def items(self):
        return self._arrays.items()

    def get(self, key, default=None):
        return self._arrays.get(key, default)

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __repr__(self):
        return f"NpzFile {self._path!r} with keys: {', '.join(self.files[:5])}{'...' if len(self.files) > 5 else ''}"


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII"):
    if hasattr(file, "read"):
        return _n._decode(file.read())
    path = os.fspath(file)
    with open(path, "rb") as handle:
        magic = handle.read(4)
    return NpzFile(path) if magic[:2] == b"PK" else _n._load(path)


def save(file, arr, allow_pickle=True):
    arr = _n.array(arr, copy=False)
    if hasattr(file, "write"):
        file.write(_n._encode(arr))
        return
    path = os.fspath(file)
    _n._save(path if path.endswith(".npy") else path + ".npy", arr)


def savez(file, *args, **kwds):
    names = [f"arr_{place}" for place in range(len(args))]
    for name in names:
        if name in kwds:
            raise ValueError(f"Cannot use un-named variables and keyword {name}")
    path = os.fspath(file)
    _n._save_archive(path if path.endswith(".npz") else path + ".npz", names + list(kwds), [array(one) for one in list(args) + list(kwds.values())])


def savez_compressed(file, *args, **kwds):
    savez(file, *args, **kwds)


def _lines(fname):
    if hasattr(fname, "read"):
        text = fname.read()
        return (text.decode("utf-8") if isinstance(text, bytes) else text).splitlines()
    if isinstance(fname, (list, tuple)):
        return list(fname)
    with open(os.fspath(fname), encoding="utf-8") as handle:
        return handle.read().splitlines()


def loadtxt(fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False, ndmin=0, encoding=None,
            max_rows=None):
    rows = []
    for number, line in enumerate(_lines(fname)):
        if number < skiprows:
            continue
        if comments is not None:
            line = line.split(comments, 1)[0]
        line = line.strip()
        if not line:
            continue
        if max_rows is not None and len(rows) == max_rows:
            break
        cells = line.split(delimiter)
        if usecols is not None:
            cells = [cells[place] for place in (usecols if isinstance(usecols, (list, tuple)) else [usecols])]
        if rows and len(cells) != len(rows[0]):
            raise ValueError(f"the number of columns changed from {len(rows[0])} to {len(cells)} at row {len(rows) + 1}; use `usecols` to select a subset and avoid this error")
        row = []
        for column, cell in enumerate(cells):
            try:
                row.append((converters or {}).get(column, float)(cell))
            except ValueError:
                raise ValueError(f"could not convert string {cell.strip()!r} to {_n.dtype(dtype).name} at row {len(rows)}, column {column + 1}.") from None
        rows.append(row)
    result = array(rows, dtype="float64").astype(dtype)
    if result.ndim == 2 and ndmin < 2 and 1 in result.shape:
        result = result.squeeze()
    if ndmin == 1 and result.ndim == 0:
        result = result.reshape(1)
    return result.T if unpack else result


def genfromtxt(fname, dtype=float, comments="#", delimiter=None, skip_header=0, usecols=None, filling_values=None):
    rows = []
    for line in _lines(fname)[skip_header:]:
        line = line.split(comments, 1)[0].strip()
        if not line:
            continue
        cells = line.split(delimiter)
        if usecols is not None:
            cells = [cells[place] for place in usecols]
        row = []
        for cell in cells:
            try:
                row.append(float(cell))
            except ValueError:
                row.append(float("nan") if filling_values is None else filling_values)
        rows.append(row)
    result = array(rows, dtype="float64").astype(dtype)
    return result.squeeze() if result.ndim == 2 and 1 in result.shape else result


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# "):
    X = asarray(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    rows = X.reshape(-1, 1) if X.ndim == 1 else X
    formats = [fmt] * rows.shape[1] if isinstance(fmt, str) else list(fmt)
    if len(formats) != rows.shape[1]:
        raise AttributeError(f"fmt has wrong shape.  {fmt}")
    lines = [comments + line for line in header.split("\n")] if header else []
    lines += [delimiter.join(form % value for form, value in zip(formats, row)) for row in rows.tolist()]
    lines += [comments + line for line in footer.split("\n")] if footer else []
    text = newline.join(lines) + newline if lines else ""
    if hasattr(fname, "write"):
        fname.write(text)
        return
    with open(os.fspath(fname), "w", encoding="utf-8") as handle:
        handle.write(text)


def fromstring(string, dtype=float, count=-1, *, sep=""):
    if not sep:
        raise ValueError("The binary mode of fromstring is removed, use frombuffer instead")
    values = [one for one in (string.split() if sep.isspace() else string.split(sep)) if one.strip()]
    return array([float(one) for one in (values if count < 0 else values[:count])], dtype="float64").astype(dtype)


def fromfile(file, dtype=float, count=-1, sep="", offset=0):
    if sep:
        with open(os.fspath(file), encoding="utf-8") as handle:
            return fromstring(handle.read(), dtype, count, sep=sep)
    if hasattr(file, "read"):
        data = file.read()
    else:
        with open(os.fspath(file), "rb") as handle:
            data = handle.read()
    size = _n.dtype(dtype).itemsize
    available = max(0, len(data) - offset) // size
    return frombuffer(data, dtype, available if count < 0 else min(count, available), offset)
