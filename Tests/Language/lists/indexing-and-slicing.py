a = list(range(10))
print("index:", a[0], a[-1], a[True])
print("slices:", a[2:5], a[:3], a[7:], a[:], a[-3:], a[:-7], a[::3], a[::-1], a[8:2:-2], a[5:2], a[100:], a[-100:2], a[2:100])
print("slice object:", a[slice(1, None, 4)], a[slice(3)])
a[0] = "zero"; a[-1] = "nine"; print(a)
a[1:3] = ["x", "y", "z"]; print(a)
a[2:2] = [0, 0]; print(a)
a[1:6] = []; print(a)
a[::2] = ["e"] * len(a[::2]); print(a)
a[:0] = "ab"; print(a)
a[len(a):] = (1, 2); print(a)
a[:] = [1, 2, 3]; print(a)
a[1:2] = a; print(a)
del a[0]; print(a)
del a[-1], a[0]; print(a)
b = list(range(10)); del b[2:5]; print(b)
del b[::2]; print(b)
del b[::-1]; print(b)
b = list(range(6)); b[::-1] = b; print(b)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("out of range:", lambda: a[10])
attempt("negative out of range:", lambda: a[-10])
attempt("float:", lambda: a[1.5])
attempt("text:", lambda: a["a"])
attempt("none:", lambda: a[None])
attempt("tuple:", lambda: a[1, 2])
def store(): a[10] = 1
def store_slice(): a[0:1] = 5
def store_extended(): b[::2] = [1]
def delete(): del a[10]
def store_text(): a["x"] = 1
def zero_step(): a[::0] = []
for label, function in (("store:", store), ("store slice:", store_slice), ("store extended:", store_extended), ("delete:", delete), ("store text:", store_text), ("zero step:", zero_step)):
    attempt(label, function)
