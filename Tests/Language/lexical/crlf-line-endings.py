x = 1
if x:
    print("crlf")
y = """a
b"""
print(repr(y), x + \
  1)
# comment
print("end")
