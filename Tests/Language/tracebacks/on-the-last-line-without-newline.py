def f():
    x = [1, 2, 3]
    if x:
        while x:
            x = x[5]
f()