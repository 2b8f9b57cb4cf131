from time import perf_counter


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


start = perf_counter()
result = fib(29)
elapsed = perf_counter() - start
print("fib(29):", result)
print("time:", elapsed)
