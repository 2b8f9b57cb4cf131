from time import perf_counter


def numbers(n):
    for i in range(n):
        yield i


def odd(source):
    for x in source:
        if x & 1:
            yield x


def walk(n):
    if n > 0:
        yield from walk(n - 1)
        yield n


def run(n):
    total = 0
    for x in odd(numbers(n)):
        total += x
    for _ in range(n // 400):
        for x in walk(12):
            total += x
    total += sum(x * x for x in numbers(n))
    return total


start = perf_counter()
result = run(400000)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
