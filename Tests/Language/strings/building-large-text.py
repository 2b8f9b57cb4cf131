parts = []
for i in range(1000):
    parts.append(str(i))
text = "".join(parts)
print("joined:", len(text), text[:30], text[-9:])
acc = ""
for i in range(500):
    acc += chr(97 + i % 26)
print("appended:", len(acc), acc[20:40], acc.count("a"))
print("repeat:", len("ab" * 100000), ("xyz" * 5)[::4])
words = ("the quick brown fox jumps over the lazy dog " * 50).split()
counts = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
print("counts:", sorted(counts.items()))
print("reverse words:", " ".join(reversed("a b c".split())))
print("caesar:", "".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.isalpha() else c for c in "hello xyz"))
print("palindrome:", [w for w in ("level", "abc", "noon") if w == w[::-1]])
print("unicode growth:", len("a" * 10 + "é" * 10 + "日" * 10 + "🎉" * 10), ("a" + "é" + "日" + "🎉")[::-1])
