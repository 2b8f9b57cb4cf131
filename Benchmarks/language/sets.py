from time import perf_counter


def work(n):
    evens = set(range(0, n, 2))
    threes = set(range(0, n, 3))
    total = 0
    for k in range(1, 12):
        other = {x for x in range(k, n, 5)}
        total += len(evens & other) + len(threes | other) - len(evens - threes) + len(evens ^ other)
        for x in range(k, n, 17):
            if x in evens and x not in threes:
                total += 1
    return total


start = perf_counter()
result = work(100000)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
