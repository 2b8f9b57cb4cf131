from time import perf_counter


def run(n):
    text = ""
    vowels = 0
    for i in range(n):
        c = "abcdefghijklmnopqrstuvwxyz"[i % 26]
        if c in "aeiou":
            vowels += 1
        text += c
        if len(text) > 60:
            text = text[30:]
    pieces = []
    for i in range(n // 4):
        pieces.append(str(i) + "," + text[i % 30])
    joined = ";".join(pieces)
    return vowels, text, len(joined), joined[-20:]


start = perf_counter()
result = run(400000)
elapsed = perf_counter() - start
print("strings:", result)
print("time:", elapsed)
