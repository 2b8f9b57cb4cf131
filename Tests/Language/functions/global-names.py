counter = 0
def bump():
    global counter
    counter += 1
    return counter
bump(); bump(); print(counter)
def define():
    global created, also
    created, also = "made", "too"
define(); print(created, also)
def shadow():
    counter = 100
    return counter
print(shadow(), counter)
def read_before_write():
    print(counter)
    counter = 1
def never_set():
    if False: ghost = 1
    return ghost
def deleted():
    x = 1
    del x
    return x
def unknown(): return nowhere
def misspelt(): return countr
for f in (read_before_write, never_set, deleted, unknown, misspelt):
    try:
        f()
    except NameError as error:
        print(type(error).__name__ + ":", error)
print("globals:", globals()["counter"], "bump" in globals(), "nowhere" in globals())
globals()["injected"] = 5; print(injected)
def local_names():
    a = 1; b = "x"
    return sorted(locals().items())
print("locals:", local_names())
x = 1
del x
try:
    x
except NameError as error:
    print("deleted global:", error)
def delete_global():
    global counter
    del counter
delete_global(); print("counter" in globals())
len_backup = len
len = lambda x: "shadowed"
print(len([1])); del len; print(len([1]))
class Scope:
    counter = "class"
    def m(self):
        try: return counter
        except NameError as error: return str(error)
print(Scope().m())
for i in range(3): pass
print("loop variable stays:", i)
def import_inside():
    import math
    return math.floor(2.5)
print(import_inside(), "math" in globals())
print(__name__, __file__.split("/")[-1])
