def fail():
    raise KeyError("origin")
def middle():
    try:
        fail()
    except KeyError:
        print("logging")
        raise
middle()
