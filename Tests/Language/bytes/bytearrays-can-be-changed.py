a = bytearray(b"hello")
a[0] = 72
a.append(33)
a += b" you"
print(a, len(a), a[1:3], bytes(a))
a.extend([65, 66]); a.insert(0, 62); print(a)
print("pop:", a.pop(), a.pop(0), a)
del a[0:2]; print(a)
a[1:3] = b"XYZ"; print(a)
a.remove(ord("X")); a.reverse(); print(a)
print("find:", a.find(b"uo"), a.upper(), a.decode(), a == bytes(a), a.hex())
a.clear(); print(a, bytearray(3), bytearray([1, 2]))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("too large:", lambda: a.append(256))
attempt("hash:", lambda: hash(a))
attempt("pop empty:", lambda: a.pop())
