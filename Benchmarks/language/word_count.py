from time import perf_counter

words = "it was the best of times it was the worst of times it was the age of wisdom".split()
text = "\n".join(" ".join(words[(i * j) % 17] + ("" if j % 5 else ",") for j in range(12)) for i in range(27000))
start = perf_counter()
counts = {}
for line in text.split("\n"):
    for word in line.lower().split():
        word = word.strip(",.;")
        counts[word] = counts.get(word, 0) + 1
elapsed = perf_counter() - start
print("words:", sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
print("time:", elapsed)
