def half(x):
    return 10 // x
print(list(map(half, [5, 2])))
print(list(filter(lambda x: half(x), [1, 0])))
