from time import perf_counter


def collatz(limit):
    longest = 0
    for n in range(1, limit):
        steps = 0
        k = n
        while k != 1:
            if k % 2 == 0:
                k = k // 2
            else:
                k = 3 * k + 1
            steps += 1
        if steps > longest:
            longest = steps
    return longest


start = perf_counter()
result = collatz(10000)
elapsed = perf_counter() - start
print("longest:", result)
print("time:", elapsed)
