from time import perf_counter


def run(n):
    stack = []
    total = 0
    for i in range(n):
        stack.append(i)
        stack.append(i + 1)
        if i % 3 == 0:
            total += stack.pop()
    copy = []
    for value in stack:
        copy.append(value * 2)
    return total, len(stack), len(copy), copy[-1]


start = perf_counter()
result = run(600000)
elapsed = perf_counter() - start
print("append:", result)
print("time:", elapsed)
