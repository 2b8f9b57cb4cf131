for s in ["plain", "it's", 'say "hi"', "both ' and \"", "tab\t", "nl\n", "cr\r", "back\\slash", "nul\0", "\x1b[0m", "\x7f", "é", "\xa0", "\xad", "\u200b", "\u2028", "日本", "🎉", "\ud800", "\U0010ffff", "\ue000", ""]:
    print(repr(s), ascii(s))
print([["nested 'x'", "y"], ("z",)])
print({"k'": 'v"'})
print(repr(repr("a'b")))
print("%r %a" % ("é", "é"), f"{'é'!r} {'é'!a} {'é'!s}")
