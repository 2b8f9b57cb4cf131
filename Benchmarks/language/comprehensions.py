from time import perf_counter


def run(n):
    total = 0
    for k in range(n):
        squares = [x * x for x in range(200)]
        odd = [x for x in squares if x % 2]
        table = {x: x + k for x in range(50)}
        pairs = [(a, b) for a in range(10) for b in range(10) if a != b]
        unique = {x % 17 for x in odd}
        total += sum(odd) + table[49] + len(pairs) + len(unique) + sum(x for x in range(50))
    return total


start = perf_counter()
result = run(2500)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
