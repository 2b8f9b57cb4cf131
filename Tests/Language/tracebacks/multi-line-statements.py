def f(a, b, c): return a
value = f(
    1,
    2,
    f(
        3,
        4 / 0,
        5,
    ),
)
