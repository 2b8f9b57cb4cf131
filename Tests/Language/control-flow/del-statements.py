x = 1; del x
try: x
except NameError as e: print(e)
a, b, c = 1, 2, 3
del a, (b, c)
print([n in globals() for n in "abc"])
l = [0, 1, 2, 3, 4, 5]; del l[0], l[-1], l[1:3]; print(l)
d = {"a": 1, "b": {"c": 2}}; del d["b"]["c"], d["a"]; print(d)
class A: x = 1; y = 2
del A.x; print(hasattr(A, "x"), A.y)
o = A(); o.z = 1; del o.z; print(hasattr(o, "z"))
try: del o.y
except AttributeError as e: print("AttributeError:", e)
try: del o.missing
except AttributeError as e: print("AttributeError:", e)
try: del undefined
except NameError as e: print("NameError:", e)
try: del d["zz"]
except KeyError as e: print("KeyError:", e)
