print("é ü ß", len("é"), "日本語"[1], "emoji 🎉", len("🎉"))
print("combining:", len("e\u0301"))
# a comment with ünïcödé — and a dash
def f(): return "“quotes”"
print(f())
print("mixed:", "a\u00e9" == "aé", "\N{SNOWMAN}" == "☃")
d = {"ключ": 1, "鍵": 2}
print(d)
print("%s|%5s|%-5s|" % ("é", "é", "é"))
