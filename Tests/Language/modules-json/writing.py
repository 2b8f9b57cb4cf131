import json
print(json.dumps(None), json.dumps(True), json.dumps(1), json.dumps(1.5), json.dumps("a"), json.dumps([1, [2, []]]), json.dumps({"a": {"b": None}, "c": (1, 2)}), json.dumps([]), json.dumps({}))
print(json.dumps(1e100), json.dumps(0.1), json.dumps(1e16), json.dumps(-0.0), json.dumps(10 ** 30), json.dumps(float("inf")), json.dumps(float("nan")), json.dumps(1.0))
print(json.dumps("é\n\t\"\\/\x00\u2028🎉\x7f"), json.dumps("é🎉", ensure_ascii=False), json.dumps("\ud800"))
d = {"name": "x", "list": [1, 2, {"k": "v"}], "empty": [], "none": {}, "nested": {"z": 1, "a": 2}}
print(json.dumps(d, indent=2)); print(json.dumps(d, indent="--")); print(json.dumps(d, indent=0)); print(json.dumps(d, sort_keys=True), json.dumps(d, separators=(",", ":")), json.dumps([1, 2], indent=1, separators=(", ", "= ")))
print(json.dumps({1: "a", 1.5: "b", True: "c", None: "d", "s": "e"}), json.dumps({(1, 2): 1, "ok": 2}, skipkeys=True), json.dumps({2: 1, 1: 2}, sort_keys=True))
class P:
    def __init__(self): self.x = 1
print(json.dumps([P()], default=lambda o: o.__dict__), json.dumps({"s": {3}}, default=list), json.dumps({"a": 1}, cls=type("E", (json.JSONEncoder,), {})))
class Enc(json.JSONEncoder):
    def default(self, o): return sorted(o) if isinstance(o, set) else super().default(o)
print(json.dumps({"s": {2, 1}}, cls=Enc), Enc().encode({1}), json.JSONEncoder(indent=1).encode([1]), "".join(json.JSONEncoder().iterencode({"a": [1]})))
import enum, collections
class I(enum.IntEnum): A = 5
print(json.dumps([I.A, collections.OrderedDict(b=1, a=2), collections.namedtuple("T", "x y")(1, 2), type("S", (str,), {})("sub"), type("N", (int,), {})(7), type("D", (dict,), {})(k=1)]))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def circular():
    l = []; l.append(l); return json.dumps(l)
attempt("set:", lambda: json.dumps({1})); attempt("object:", lambda: json.dumps(P())); attempt("bytes:", lambda: json.dumps(b"a")); attempt("tuple key:", lambda: json.dumps({(1,): 2})); attempt("nan:", lambda: json.dumps(float("nan"), allow_nan=False)); attempt("circular:", circular); attempt("mixed sort:", lambda: json.dumps({1: 1, "a": 2}, sort_keys=True)); attempt("function:", lambda: json.dumps(len)); attempt("default:", lambda: json.dumps({1}, default=lambda o: 1 / 0)); attempt("enc:", lambda: json.dumps(P(), cls=Enc))
import io; f = io.StringIO(); json.dump({"a": [1, 2]}, f, indent=4); print(f.getvalue())
