"""Writes pretty.json: expressions and how the real IPython shows their values. Run it with a Python that has IPython."""

import json
import os

from IPython.lib.pretty import pretty

EXPRESSIONS = [
    "[]", "()", "{}", "set()", "frozenset()", "[1]", "(1,)", "{1}", "{'a': 1}", "list(range(30))", "list(range(26))", "list(range(27))", "tuple(range(40))",
    "[list(range(20)) for _ in range(3)]", "[[i] * 12 for i in range(8)]", "{'train': [0.9123] * 9, 'valid': [0.8912] * 9}",
    "{i: i * i for i in range(20)}", "{'k' * 30: {'a' * 20: [1, 2, 3], 'b' * 30: (4, 5)}}", "{5, 3, 1}", "{'b', 'a'}", "frozenset(range(40))",
    "set(range(50))", "[{'name': 'layer %d' % i, 'shape': (i, 3, 32, 32)} for i in range(4)]", "'x' * 100", "['x' * 100]", "['x' * 70, 'y']",
    "['x' * 75, 'y']", "['x' * 76, 'y']", "('a' * 40, 'b' * 33)", "('a' * 40, 'b' * 34)", "('a' * 40, 'b' * 32)", "[('a' * 36, 'b' * 33), 1]",
    "[('a' * 36, 'b' * 32), 1]", "[[['deep' * 5] * 3] * 3]", "[None, True, 1.5, 2e300, 'q']", "[int, ValueError]", "int", "list(range(1001))[-3:]",
    "{'a' * 70: 'b' * 20}", "{'a': ['b' * 30] * 3}", "[{1, 2}, {3}, frozenset({4})]", "['é漢' * 15, 'é' * 20]", "b'bytes' * 3", "[range(3), slice(1, 2)]",
    "[[]] * 3", "{'x': ()}", "(((1,),),)", "[-1, [2, [3, [4, [5]]]]]",
]

folder = os.path.dirname(os.path.abspath(__file__))
rows = [[expression, pretty(eval(expression))] for expression in EXPRESSIONS]
with open(os.path.join(folder, "pretty.json"), "w", encoding="utf-8") as file:
    json.dump(rows, file, ensure_ascii=False, indent=1)
    file.write("\n")
