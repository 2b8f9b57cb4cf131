print("zoo.mammals", __name__, __package__)
from .base import Animal
class Dog(Animal):
    sound = "woof"
