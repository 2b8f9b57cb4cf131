x = 1

class A(metaclass=type):  # refused: metaclass
    pass
