from time import perf_counter

line = "  The Quick brown fox, jumps over; the lazy dog 1234 times  "


def run(n):
    total = 0
    for i in range(n):
        words = line.strip().lower().replace(",", " ").replace(";", " ").split()
        total += len(words)
        joined = "-".join(words)
        total += joined.find("lazy") + joined.count("o") + len(joined.upper().title())
        if joined.startswith("the") and joined.endswith("times") and words[-2].isdigit():
            total += len(joined.partition("fox")[2].rjust(60))
    return total


start = perf_counter()
result = run(60000)
elapsed = perf_counter() - start
print("total:", result)
print("time:", elapsed)
