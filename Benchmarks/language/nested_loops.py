from time import perf_counter


def count(n):
    total = 0
    for i in range(n):
        for j in range(n):
            for k in range(n):
                if (i + j + k) & 3 == 0:
                    total += i ^ j ^ k
    return total


start = perf_counter()
result = count(105)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
