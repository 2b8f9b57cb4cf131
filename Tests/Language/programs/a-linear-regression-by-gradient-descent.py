import random
random.seed(1)
xs = [random.uniform(-1, 1) for _ in range(50)]; ys = [3 * x + 2 + random.gauss(0, 0.1) for x in xs]
w = b = 0.0
for step in range(200):
    gw = sum(2 * (w * x + b - y) * x for x, y in zip(xs, ys)) / len(xs); gb = sum(2 * (w * x + b - y) for x, y in zip(xs, ys)) / len(xs)
    w -= 0.1 * gw; b -= 0.1 * gb
    if step % 50 == 0: print(f"step {step:3}: loss {sum((w * x + b - y) ** 2 for x, y in zip(xs, ys)) / len(xs):.6f}")
print(f"w={w:.12f} b={b:.12f}", w, b)
