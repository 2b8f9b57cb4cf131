from time import perf_counter


class Rejected(Exception):
    pass


def check(i):
    if i % 3 == 0:
        raise Rejected(i)
    if i % 5 == 0:
        raise KeyError(i)
    return i


def run(n):
    total = 0
    for i in range(n):
        try:
            total += check(i)
        except Rejected as error:
            total -= error.args[0]
        except KeyError:
            total += 1
        finally:
            total += 2
    return total


start = perf_counter()
result = run(300000)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
