total_count = 5
def f():
    return total_cuont
f()
