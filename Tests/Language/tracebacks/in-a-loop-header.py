def broken():
    for i in None:
        pass
broken()
