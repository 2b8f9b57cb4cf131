from open_names import *
print(visible, "_hidden" in globals(), math.floor(1.5))
from open_names import _hidden
print(_hidden)
