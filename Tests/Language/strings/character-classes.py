samples = ["abc", "ABC", "abc1", "123", "12.3", " ", "", "\t\n", "aB", "é", "²", "½", "Ⅷ", "٣", "日本", "_x", "x y", "\x00", "ǅ", "a\n"]
for s in samples:
    print(repr(s), [s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isidentifier(), s.isprintable(), s.isascii()])
