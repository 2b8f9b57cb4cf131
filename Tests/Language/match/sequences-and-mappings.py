def s(x):
    match x:
        case []: return "empty"
        case [1, *rest]: return f"starts with 1, {rest}"
        case [a]: return f"one {a}"
        case (a, b): return f"two {a} {b}"
        case [first, *_, last] if last == "end": return f"{first} to end"
        case [[a, b], [c, *d]]: return "never"
        case [_, _, [x, y]]: return f"nested {x} {y}"
        case [*all_]: return f"all {all_}"
        case _: return "not a sequence"
print([s(v) for v in ([], [1, 2, 3], (1,), ["q"], (5, 6), [5, 6, "end"], (0, 0, [7, 8]), [2, 3, 4], "text", {1}, range(2), b"ab", iter([]), bytearray(b"x"))])
def m(x):
    match x:
        case {"type": "point", "x": x, "y": y}: return f"point {x} {y}"
        case {"type": t, **rest} if rest: return f"type {t} {rest}"
        case {"type": str(t)}: return f"only type {t}"
        case {1: [a, *_], 2: {"deep": d}}: return f"deep {a} {d}"
        case {"none": None}: return "none value"
        case {}: return "any mapping"
        case _: return "no mapping"
print([m(v) for v in ({"type": "point", "x": 1, "y": 2, "z": 3}, {"type": "c", "k": 1}, {"type": "c"}, {1: [9, 8], 2: {"deep": "D"}}, {"none": None}, {}, {"q": 1}, [])])
from collections import OrderedDict, defaultdict, deque
match defaultdict(list, a=1):
    case {"b": _}: print("defaultdict made a key")
    case {"a": v}: print("defaultdict", v)
match deque([1, 2]):
    case [a, b]: print("deque", a, b)
class Seq:
    def __len__(self): return 2
    def __getitem__(self, i): return i
match Seq():
    case [a, b]: print("no")
    case _: print("duck typed is not a sequence")
def tree(t):
    match t:
        case ("leaf", v): return v
        case ("node", l, r): return tree(l) + tree(r)
print(tree(("node", ("leaf", 1), ("node", ("leaf", 2), ("leaf", 3)))))
def json(v):
    match v:
        case {"items": [{"id": int(i), "tags": [*tags]}, *more]}: return i, tags, len(more)
print(json({"items": [{"id": 7, "tags": ["a"]}, {}]}), json({"items": []}))
