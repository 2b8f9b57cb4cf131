def scheduler(*tasks):
    from collections import deque
    q = deque(tasks); log = []
    while q:
        t = q.popleft()
        try: log.append(next(t)); q.append(t)
        except StopIteration as e:
            if e.value: log.append(f"done {e.value}")
    return log
def worker(name, n):
    for i in range(n): yield f"{name}{i}"
    return name.upper()
print(scheduler(worker("a", 3), worker("b", 1), worker("c", 2)))
def grep(pattern):
    matches = []
    while True:
        line = yield matches
        if line is None: return
        if pattern in line: matches.append(line)
g = grep("x"); next(g)
for l in ("ax", "b", "xx"): r = g.send(l)
print(r)
def permutations(s): 
    if len(s) <= 1: yield s
    else:
        for i, c in enumerate(s):
            for p in permutations(s[:i] + s[i + 1:]): yield c + p
print(list(permutations("abc")), sum(1 for _ in permutations("abcdef")))
def life(cells, steps):
    for _ in range(steps):
        yield sorted(cells)
        counts = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy: counts[x + dx, y + dy] = counts.get((x + dx, y + dy), 0) + 1
        cells = {c for c, n in counts.items() if n == 3 or n == 2 and c in cells}
for s in life({(0, 1), (1, 1), (2, 1)}, 3): print(s)
