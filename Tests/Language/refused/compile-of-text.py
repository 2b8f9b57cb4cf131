def f():
    return compile('1', 'f', 'eval')  # refused: compile
