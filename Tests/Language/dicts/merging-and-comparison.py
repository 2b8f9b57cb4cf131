a = {"x": 1, "y": 2}; b = {"y": 3, "z": 4}
print("or:", a | b, b | a, a)
a |= b; print("ior:", a)
a |= [("w", 5)]; print("ior pairs:", a)
print("equality ignores order:", {"a": 1, "b": 2} == {"b": 2, "a": 1}, {1: 1} == {1: 1.0}, {} == [], {"a": 1} != {"a": 2})
print("nested:", {"a": {"b": [1]}} == {"a": {"b": [1]}})
try:
    a | [("q", 1)]
except TypeError as error:
    print("TypeError:", error)
print("min max:", min({3: "a", 1: "b"}), max({"a": 1, "b": 0}, key={"a": 1, "b": 0}.get))
print("sort by value:", sorted({"a": 3, "b": 1}.items(), key=lambda kv: kv[1]))
print("invert:", {v: k for k, v in {"a": 1, "b": 2}.items()})
print("sum:", sum({1: 10, 2: 20}), sum({1: 10, 2: 20}.values()))
class D(dict):
    def __missing__(self, key): return key * 2
    def __getattr__(self, name): return self[name]
d = D(a=1); print("missing:", d["zz"], d.get("zz"), "zz" in d, d, d.a, type(d).__name__, isinstance(d, dict))
