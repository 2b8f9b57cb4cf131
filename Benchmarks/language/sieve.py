from time import perf_counter


def sieve(limit):
    composite = [False] * (limit + 1)
    primes = []
    for n in range(2, limit + 1):
        if not composite[n]:
            primes.append(n)
            m = n * n
            while m <= limit:
                composite[m] = True
                m += n
    return primes


start = perf_counter()
primes = sieve(400000)
elapsed = perf_counter() - start
print("primes:", len(primes), primes[-1], sum(primes))
print("time:", elapsed)
