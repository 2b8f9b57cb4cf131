def g():
    yield 1
    yield from h()
def h():
    yield 2
    raise ValueError("inside the generator")
for x in g():
    print(x)
