import textwrap as tw
text = "The quick brown fox jumps over the lazy dog, while averyveryverylongwordthatdoesnotfit remains well-known."
print(tw.wrap(text, 20)); print(tw.fill(text, 30)); print(tw.fill(text, 40, initial_indent="* ", subsequent_indent="  ")); print(tw.wrap(text, 20, break_long_words=False)); print(tw.wrap("a-b-c-d well-known", 5), tw.wrap("a-b well-known", 5, break_on_hyphens=False), tw.wrap("", 5), tw.wrap("one two three four", 9, max_lines=2), tw.wrap("a  b\n\nc\td", 10), tw.wrap("  lead", 10))
print(tw.shorten("Hello  world and everyone", 15), tw.shorten("Hello world", 50), tw.shorten("Hello world", 8, placeholder=".."))
print(repr(tw.dedent("    a\n      b\n\n    c\n")), repr(tw.dedent("\ta\n\t b")), repr(tw.dedent("a\n  b")), repr(tw.indent("a\n\nb\n", "> ")), repr(tw.indent("a\n\nb", "> ", lambda line: True)))
w = tw.TextWrapper(width=10, expand_tabs=False, drop_whitespace=True); print(w.wrap("hello there world"), w.fill("x y z"))
for f in (lambda: tw.wrap("abc", 0), lambda: tw.shorten("abc def", 2)):
    try: print(f())
    except ValueError as e: print("ValueError:", e)
