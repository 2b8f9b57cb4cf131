class Base:
    pass

def make(kind):
    class Inner(Base, tag=1, metaclass=kind):  # refused: metaclass
        pass
    return Inner
