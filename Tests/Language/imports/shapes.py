"""A module for the import tests."""
print("loading shapes once as", __name__)
PI = 3
UNIT = "cm"
counter = 0
hidden = "not in __all__"
_private = "underscore"
__all__ = ["starred", "area"]
def area(r): return PI * r * r
def starred(): return "starred"
def increment():
    global counter
    counter += 1
class Square:
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
if __name__ == "__main__": print("never when imported")
