with open('x') as f:
x = 1
