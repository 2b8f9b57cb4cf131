d = {"a": 1, "b": 2}
keys, values, items = d.keys(), d.values(), d.items()
print(keys, values, items)
d["c"] = 3
print("live:", keys, values, items, len(keys))
print("contains:", "a" in keys, 2 in values, ("a", 1) in items, ("a", 2) in items, "zz" in items)
print("set operations:", sorted(keys & {"a", "z"}), sorted(keys | ["z"]), sorted(keys - {"a"}), sorted(keys ^ {"a", "q"}), sorted(items & {("a", 1)}))
print("compare:", keys == {"a", "b", "c"}, keys >= {"a"}, keys.isdisjoint(["x"]), d.keys() == {"a": 0, "b": 0, "c": 0}.keys())
print("reversed:", list(reversed(d)), list(reversed(keys)), list(reversed(values)), list(reversed(items)))
print("iterate:", [k for k in d], [(k, v) for k, v in d.items()], sorted(d, reverse=True))
print("types:", type(keys).__name__, type(values).__name__, type(items).__name__)
def grow():
    for k in d: d[k + "x"] = 1
def shrink():
    for k in d: del d[k]
for f in (grow, shrink):
    try:
        f()
    except RuntimeError as error:
        print("RuntimeError:", error)
d = {1: 1, 2: 2}
for k in list(d): del d[k]
print("copy first:", d)
d = dict.fromkeys(range(5), 0)
for k in d: d[k] += k
print("values may change:", d)
