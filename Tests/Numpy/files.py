import io
import os
import tempfile

import numpy as np

folder = tempfile.mkdtemp()
path = os.path.join(folder, "a.npy")
for array in [np.arange(6).reshape(2, 3), np.array([1.5, np.nan], np.float32), np.array([True, False]), np.zeros((0, 2)), np.array(3), np.arange(4, dtype=np.uint8)[::-1], np.arange(6).reshape(2, 3).T]:
    np.save(path, array)
    back = np.load(path)
    print(repr(back), back.dtype == array.dtype, np.array_equal(back, array, equal_nan=array.dtype.kind == "f"))
np.save(os.path.join(folder, "b"), [1, 2])
print(sorted(os.listdir(folder)), np.load(os.path.join(folder, "b.npy")))
np.savez(os.path.join(folder, "c.npz"), np.arange(3), x=np.ones(2), y=[[1, 2]])
with np.load(os.path.join(folder, "c.npz")) as data:
    print(sorted(data.files), data["arr_0"], data["x"], data["y"], "x" in data, sorted(data.keys()))
np.savez_compressed(os.path.join(folder, "d.npz"), w=np.zeros(3))
print(np.load(os.path.join(folder, "d.npz"))["w"])
buffer = io.BytesIO()
np.save(buffer, np.arange(3))
print(len(buffer.getvalue()), buffer.getvalue()[:6])
buffer.seek(0)
print(np.load(buffer))
text = os.path.join(folder, "t.txt")
np.savetxt(text, np.array([[1, 2.5], [3, 4]]), fmt="%.2f", delimiter=",", header="a,b")
print(open(text).read(), np.loadtxt(text, delimiter=","), np.loadtxt(text, delimiter=",", usecols=1), np.loadtxt(io.StringIO("1 2\n3 4"), dtype=int))
print(np.genfromtxt(io.StringIO("1,,3\n4,5,6"), delimiter=","), np.fromstring("1 2 3", sep=" "))
np.arange(3, dtype=np.int16).tobytes()
with open(os.path.join(folder, "raw"), "wb") as handle:
    handle.write(np.arange(3, dtype=np.float32).tobytes())
print(np.fromfile(os.path.join(folder, "raw"), dtype=np.float32))
