import random
from time import perf_counter

random.seed(5)
records = [("name%d" % random.randrange(100000), random.random(), random.randrange(1000)) for _ in range(60000)]
start = perf_counter()
by_number = sorted(records, key=lambda r: r[2])
by_score = sorted(records, key=lambda r: -r[1])
records.sort(key=lambda r: r[0])
elapsed = perf_counter() - start
print("first:", by_number[0], by_score[0], records[0], records[-1])
print("time:", elapsed)
