from pprint import pprint, pformat, PrettyPrinter, pp
d = {"name": "x" * 20, "list": list(range(30)), "nested": {"b": [1, 2], "a": ("t",)}, "text": "word " * 30}
pprint(d); pprint(d, width=40); pprint(d, indent=4, depth=1); pprint([1, 2], width=5); pprint({"z": 1, "a": 2}); pprint({"z": 1, "a": 2}, sort_dicts=False); pp({"z": 1, "a": 2}); print(pformat([{"a": i} for i in range(12)]), pformat("short"), pformat({1, 2, 3}), pformat(()), pformat((1,)))
pprint([["nested", ["deeper", ["deepest"] * 5] * 2]] * 2, width=30); pprint(list(range(50)), compact=True); print(PrettyPrinter(width=20).pformat({"k": "v" * 30})); l = [1]; l.append(l); print(pformat(l)[:3])
from dataclasses import dataclass
@dataclass
class P: a: int; b: list
pprint(P(1, [1, 2])); pprint(P(1, ["long text here"] * 6)); from collections import OrderedDict, defaultdict, Counter; pprint(OrderedDict(a=1)); pprint(defaultdict(int, a=1)); pprint(Counter("aab"))
