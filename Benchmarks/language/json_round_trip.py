import json
from time import perf_counter

document = {
    "users": [
        {"id": i, "name": "user %d" % i, "score": i / 7, "tags": ["a", "b\n", "é"], "active": i % 2 == 0, "parent": None}
        for i in range(400)
    ]
}
start = perf_counter()
text = ""
for _ in range(50):
    text = json.dumps(document)
    document = json.loads(text)
elapsed = perf_counter() - start
print("length:", len(text), document["users"][399])
print("time:", elapsed)
