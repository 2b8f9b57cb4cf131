from collections import deque
d = deque([1, 2, 3]); d.append(4); d.appendleft(0); print(d, d.pop(), d.popleft(), d, len(d), d[0], d[-1], 2 in d, list(d))
d.extend([7, 8]); d.extendleft("ab"); print(d); d.rotate(2); print(d); d.rotate(-1); print(d); d.reverse(); print(d); d.remove("a"); print(d.index(7), d.count(7), d); d.insert(1, "ins"); d[0] = "set"; del d[-1]; print(d, d.copy() == d)
m = deque(maxlen=3)
for i in range(5): m.append(i)
print(m, m.maxlen, deque("abc", 2), deque([1, 2]) + deque([3]), deque([1]) * 3, deque([1]) == deque([1]), deque([1]) < deque([2]), deque(), bool(deque())); m.appendleft(9); print(m); d.clear(); print(d)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("pop:", lambda: d.pop()); attempt("popleft:", lambda: d.popleft()); attempt("index:", lambda: d[5]); attempt("remove:", lambda: d.remove(1)); attempt("find:", lambda: d.index(1)); attempt("slice:", lambda: deque([1, 2])[0:1]); attempt("insert full:", lambda: m.insert(0, 1)); attempt("maxlen:", lambda: deque([], -1)); attempt("hash:", lambda: hash(d)); attempt("plus list:", lambda: deque() + [1])
def grow():
    q = deque([1, 2])
    for x in q: q.append(x)
attempt("mutated:", grow)
q = deque([(0, 0)]); seen = {(0, 0)}; steps = 0
while q:
    x, y = q.popleft(); steps += 1
    for nx, ny in ((x + 1, y), (x, y + 1)):
        if nx < 5 and ny < 5 and (nx, ny) not in seen: seen.add((nx, ny)); q.append((nx, ny))
print(steps, list(reversed(deque("abc"))), sorted(deque([3, 1])), sum(deque([1, 2])), [*deque([1])])
