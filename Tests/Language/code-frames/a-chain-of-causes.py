def parse(t):
    try:
        return int(t) + 1
    except ValueError as e:
        raise RuntimeError("bad input") from e
parse("x1")
