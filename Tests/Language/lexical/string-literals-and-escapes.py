print('single', "double", '''triple single''', """triple double""")
print("quotes: 'inside' \"escaped\"", 'and "inside" \'escaped\'')
print("escapes:", "tab\tnewline\nreturn".split())
print("octal:", "\101\60\7".encode(), "hex:", "\x41\x7f".encode())
print("unicode:", "\u00e9 \U0001F600 \N{LATIN SMALL LETTER E WITH ACUTE}")
print("control:", repr("\a\b\f\v\r\0"))
print("raw:", r"\n \t \\", R'\x41', len(r"\""))
print("bytes:", b"abc\x00\xff", B'q', rb"\n", bR"\t", Rb'\\')
print("u prefix:", u"text" == "text")
multi = """first
  second "quoted" 'too'
third"""
print(multi)
print("lines:", len(multi.splitlines()))
print("triple with quote at end:", """say "hi\"""")
print("concatenation:", "a" 'b' r"\c" "d")
print("empty:", "", '', """""", "end")
print("line continuation in triple: ", """a\
b""")
