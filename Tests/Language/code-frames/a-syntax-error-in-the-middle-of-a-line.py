total = 5
print(total total, "x")
