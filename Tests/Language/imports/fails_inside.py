def deeper(x):
    return deepest(x, key="none")
def deepest(x, key):
    d = {"a": x}
    return d[key]
