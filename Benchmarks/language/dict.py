from time import perf_counter


def inventory(rounds):
    stock = {}
    names = ["item%d" % i for i in range(200)]
    for r in range(rounds):
        for name in names:
            stock[name] = stock.get(name, 0) + r
            if name in stock and r % 7 == 0:
                stock[name] -= 1
    total = 0
    for name, amount in stock.items():
        total += amount
    return total, len(stock)


start = perf_counter()
result = inventory(3000)
elapsed = perf_counter() - start
print("stock:", result)
print("time:", elapsed)
