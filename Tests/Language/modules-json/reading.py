import json, io
print(json.loads("null"), json.loads("true"), json.loads(" [1, 2.5, -3e2, \"x\", {}] "), json.loads('{"a": {"b": [null, false]}}'), json.loads("1E5"), json.loads("-0"), json.loads("-0.0"), json.loads("123456789012345678901234567890"), json.loads("1e400"), json.loads("NaN"), json.loads("-Infinity"))
print(json.loads('"\\u00e9\\n\\t\\"\\\\\\/\\b\\f\\r"'), json.loads('"\\ud83c\\udf89"'), json.loads('"é🎉"'), json.loads(b'{"bytes": 1}'), json.loads('{"a": 1, "a": 2}'), repr(json.loads('"\\ud800"')), json.loads('""'))
print(json.loads("[1.5, 2]", parse_float=str, parse_int=lambda s: int(s) * 10), json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d.items())), json.loads('{"b": 1, "a": 2}', object_pairs_hook=list), json.loads("[NaN]", parse_constant=lambda c: "const " + c))
print(json.load(io.StringIO('{"file": [1]}')), json.JSONDecoder().decode("[1]"), json.JSONDecoder().raw_decode("[1] tail"))
x = {"k": [1, 2.5, None, True, "é\n", {"n": {}}], "e": []}; print(json.loads(json.dumps(x)) == x, json.loads(json.dumps(x, indent=3)) == x)
for text in ("", "{", "[1, 2", "[1,]", "{\"a\"}", "{\"a\": }", "{\"a\": 1,}", "{a: 1}", "'x'", "\"abc", "\"a\nb\"", "\"\\q\"", "\"\\u12\"", "tru", "01", "1.", "-", "[1] 2", "{\"a\" 1}", "[1 2]", "\ufeff{}", "nul", "{\"a\": 1 \"b\"}", "[\n1,\n  x]"):
    try: print(repr(text), json.loads(text))
    except json.JSONDecodeError as e: print(repr(text), e, "|", e.msg, e.pos, e.lineno, e.colno)
try: json.loads(5)
except TypeError as e: print("TypeError:", e)
try: json.loads("[")
except ValueError as e: print(type(e).__name__, isinstance(e, ValueError))
print(len(json.loads("[" + ",".join(str(i) for i in range(1000)) + "]")), json.loads("[" * 50 + "]" * 50)[0] != [])
