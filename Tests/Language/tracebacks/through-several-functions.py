def a(n):
    return b(n) + 1
def b(n):
    result = [
        1,
        c(n),
    ]
    return result
def c(n):
    return 10 / n
print(a(5) if False else "start")
a(0)
