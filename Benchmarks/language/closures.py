from time import perf_counter


def counter(step):
    value = 0

    def bump(n):
        nonlocal value
        value += n * step
        return value

    return bump


def compose(f, g):
    return lambda x: f(g(x))


def run(n):
    bumps = [counter(k) for k in range(1, 5)]
    double = compose(lambda x: x + 1, lambda x: x * 2)
    total = 0
    for i in range(n):
        total += bumps[i & 3](i) & 1023
        total += double(i)
    return total


start = perf_counter()
result = run(300000)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
