from collections import defaultdict, OrderedDict, ChainMap
d = defaultdict(list); d["a"].append(1); d["a"].append(2); d["b"]; print(d, dict(d), d.default_factory is list, "c" in d, d.get("c"), len(d), d == {"a": [1, 2], "b": []})
n = defaultdict(int, x=5); n["y"] += 1; n["x"] += 1; print(n, defaultdict(lambda: "dflt")["q"], defaultdict(lambda: defaultdict(int))["a"]["b"], isinstance(n, dict), n.copy(), type(n.copy()).__name__)
for f in (lambda: defaultdict()["x"], lambda: defaultdict(None)["x"], lambda: defaultdict(5)):
    try: f()
    except (KeyError, TypeError) as e: print(type(e).__name__ + ":", e)
class D(defaultdict):
    def __missing__(self, k): return "missing " + k
print(D()["z"], len(D()))
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)]); o.move_to_end("a"); print(o, list(o), o.popitem(), o.popitem(last=False), o); o["z"] = 1; o.move_to_end("z", last=False); print(list(o), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, list(reversed(o)), OrderedDict(a=1) | {"b": 2}, OrderedDict())
try: o.move_to_end("nope")
except KeyError as e: print("KeyError:", e)
try: OrderedDict().popitem()
except KeyError as e: print("KeyError:", e)
c = ChainMap({"a": 1}, {"a": 2, "b": 3}); print(c["a"], c["b"], sorted(c), len(c), "b" in c, c.get("z"), c.maps, c.parents, c.new_child({"a": 0})["a"], dict(c)); c["b"] = 9; print(c.maps)
try: c["zz"]
except KeyError as e: print("KeyError:", e)
try: del c["nope"]
except KeyError as e: print("KeyError:", e)
groups = defaultdict(list)
for w in "apple bob cat axe".split(): groups[w[0]].append(w)
print(dict(groups), sorted(groups.items()))
