import re
from time import perf_counter

text = "\n".join("2024-%02d-%02d level=%s id=%d user%d@example.org took %d.%03d s" % (
    i % 12 + 1, i % 28 + 1, ("info", "warn", "error")[i % 3], i, i * 7 % 100, i % 60, i * 13 % 1000) for i in range(14000))
start = perf_counter()
pattern = re.compile(r"(\d{4})-(\d\d)-(\d\d) level=(\w+) id=(\d+) (\w+)@([\w.]+) took ([\d.]+) s")
total = 0.0
for line in text.split("\n"):
    m = pattern.match(line)
    if m.group(4) == "error":
        total += float(m.group(8))
mails = re.findall(r"[\w.]+@[\w.]+", text)
masked = re.sub(r"\d+", "#", text)
elapsed = perf_counter() - start
print("regex:", f"{total:.3f}", len(mails), len(masked), masked[:30])
print("time:", elapsed)
