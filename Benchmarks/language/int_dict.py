from time import perf_counter


def histogram(n):
    counts = {}
    x = 12345
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        key = (x >> 8) % 5003
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    return len(counts), max(counts.values()), sum(k * v for k, v in counts.items())


start = perf_counter()
result = histogram(350000)
elapsed = perf_counter() - start
print("histogram:", result)
print("time:", elapsed)
