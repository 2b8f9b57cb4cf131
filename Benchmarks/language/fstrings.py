from time import perf_counter


def run(n):
    length = 0
    name = "epoch"
    for i in range(n):
        loss = 1.0 / (i + 1)
        line = f"{name} {i:>6}: loss {loss:.4f} step {i * 10} done {i % 100}%"
        length += len(line)
    return length, line


start = perf_counter()
result = run(120000)
elapsed = perf_counter() - start
print("fstrings:", result)
print("time:", elapsed)
