class Meta(type):  # refused: metaclass
    pass

class A(metaclass=Meta):
    pass
