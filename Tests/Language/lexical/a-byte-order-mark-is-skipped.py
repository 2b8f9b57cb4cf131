print("after the mark")
print(len("x"))
