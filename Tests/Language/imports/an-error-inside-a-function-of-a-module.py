import fails_inside
def call(x): return fails_inside.deeper(x)
call([1])
