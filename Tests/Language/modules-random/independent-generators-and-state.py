import random
a, b = random.Random(7), random.Random(7)
print([a.random() for _ in range(3)] == [b.random() for _ in range(3)], a.randint(1, 6), b.randint(1, 6))
s = a.getstate(); x = [a.random() for _ in range(3)]; a.setstate(s); print(x == [a.random() for _ in range(3)], s[0], len(s[1]))
random.seed(3); s = random.getstate(); u = random.random(); random.setstate(s); print(u == random.random())
r = random.Random(123); print(r.sample(range(10 ** 9), 3), r.choice(range(5)), r.choices(range(3), k=4), r.shuffle([1]), r.uniform(1, 2), r.gauss(1, 2), r.randrange(10 ** 30))
l = [1, 2, 3, 4, 5]; r.shuffle(l); print(l, r.sample(l, 5), r.sample([], 0))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("choice empty:", lambda: r.choice([]))
attempt("choices empty:", lambda: r.choices([]))
attempt("randint order:", lambda: r.randint(5, 1))
attempt("randrange zero:", lambda: r.randrange(0))
attempt("randrange step:", lambda: r.randrange(1, 5, 0))
attempt("sample large:", lambda: r.sample([1], 2))
attempt("sample negative:", lambda: r.sample([1], -1))
attempt("sample set:", lambda: r.sample({1, 2}, 1))
attempt("choice set:", lambda: r.choice({1}))
attempt("weights:", lambda: r.choices([1, 2], weights=[1]))
attempt("shuffle tuple:", lambda: r.shuffle((1, 2)))
attempt("seed list:", lambda: r.seed([1]))
attempt("getrandbits negative:", lambda: r.getrandbits(-1))
print(0 <= random.SystemRandom().random() < 1)
counts = {}
r.seed(9)
for _ in range(1000): k = r.choice("abc"); counts[k] = counts.get(k, 0) + 1
print(sorted(counts.items()))
