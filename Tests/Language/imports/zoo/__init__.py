print("zoo init", __name__, __package__)
from .mammals import Dog
from . import birds
VERSION = "1.0"
