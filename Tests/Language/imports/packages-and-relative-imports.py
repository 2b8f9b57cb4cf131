import zoo
print(zoo.VERSION, zoo.Dog().speak(), zoo.birds.Owl().speak(), zoo.__name__, zoo.__file__.endswith("zoo/__init__.py"))
import zoo.nest.eggs
print(zoo.nest.eggs.count, zoo.nest.eggs.up(), zoo.nest.__doc__)
import zoo.nest.eggs as eggs; print(eggs.__name__, eggs.count)
from zoo.nest import eggs as e2; print(e2 is eggs)
from zoo import mammals; print(mammals.Dog.__module__, mammals.Dog.__mro__[1].__module__)
print(hasattr(zoo, "lazy")); from zoo import lazy; print(lazy.value, zoo.lazy.value)
import importlib; print(importlib.import_module("zoo.base").Animal.__name__)
try: import zoo.missing
except ModuleNotFoundError as e: print("ModuleNotFoundError:", e)
try: from zoo import absent
except ImportError as e: print(type(e).__name__, str(e).split(" (")[0])
import sys; print(sorted(m for m in sys.modules if m.startswith("zoo")))
