print(1)
y = eval('1 + 1')  # refused: eval
