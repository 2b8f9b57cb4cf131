text = """It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness"""
index = {}
for n, line in enumerate(text.splitlines(), 1):
    for word in line.lower().replace(",", "").split(): index.setdefault(word, []).append(n)
for word in sorted(index, key=lambda w: (-len(index[w]), w))[:6]: print(f"{word:<12}{len(index[word]):>3} {sorted(set(index[word]))}")
longest = max(index, key=len); print(longest, sum(map(len, index.values())), {w: len(v) for w, v in index.items() if len(v) > 2})
print("\n".join(" ".join(w.capitalize() for w in l.split()) for l in text.splitlines()))
