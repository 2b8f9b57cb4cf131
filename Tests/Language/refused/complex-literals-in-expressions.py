def f(a):
    return a + 2.5e1J  # refused: complex
