def parse(t):
    try:
        return int(t)
    except ValueError as e:
        raise RuntimeError(f"cannot parse {t!r}") from e
parse("x")
