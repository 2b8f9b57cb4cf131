import random
random.seed(42)
print([random.random() for _ in range(4)])
print([random.randint(1, 100) for _ in range(10)], [random.randrange(10) for _ in range(5)], [random.randrange(0, 100, 7) for _ in range(5)])
print(random.uniform(-1, 1), random.gauss(0, 1), random.gauss(0, 1), random.normalvariate(5, 2), random.expovariate(1.5), random.triangular(0, 10, 3))
print(random.choice("abcdef"), random.choice([1, 2, 3]), random.choices([1, 2, 3], k=5), random.choices("ab", weights=[9, 1], k=8), random.choices("abc", cum_weights=[1, 3, 6], k=4), random.sample(range(100), 5), random.sample("abcdef", 3), random.sample([1, 2], counts=[3, 4], k=4))
l = list(range(10)); random.shuffle(l); print(l)
print(random.getrandbits(10), random.getrandbits(64), random.getrandbits(100), random.getrandbits(1), random.randbytes(4))
print(random.betavariate(2, 3), random.gammavariate(2, 1), random.lognormvariate(0, 1), random.vonmisesvariate(0, 4), random.paretovariate(3), random.weibullvariate(1, 2))
for seed in (0, 1, -5, 2 ** 40, 10 ** 30, "text", 1.5, b"bytes", None.__class__.__name__, bytearray(b"x")):
    random.seed(seed); print(repr(seed), random.random(), random.randint(0, 10 ** 12))
