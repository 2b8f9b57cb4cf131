def deco(f): raise TypeError("in decorator")
@deco
def g(): pass
