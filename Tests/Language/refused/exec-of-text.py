x = 1
exec('x = 2')  # refused: exec
print(x)
