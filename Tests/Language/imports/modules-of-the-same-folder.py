import shapes
import shapes as sh
from shapes import area, PI as pi
from shapes import (Square,
                    UNIT,)
print(shapes.__name__, sh is shapes, area(2), pi, Square(3).area(), UNIT)
print(shapes.counter); shapes.increment(); print(shapes.counter, sh.counter)
from shapes import counter; shapes.increment(); print(counter, shapes.counter)
shapes.added = 1; print(sh.added)
import sys; print("shapes" in sys.modules, sys.modules["shapes"] is shapes, shapes.__file__.endswith("shapes.py"), shapes.__doc__)
from shapes import *
print(starred(), "hidden" in globals(), "_private" in globals(), "also_public" in globals())
def inside():
    from shapes import area as a
    import shapes as local
    return a(1), local.PI
print(inside())
try: from shapes import nothing
except ImportError as e: print(type(e).__name__, str(e).split(" (")[0])
try: import no_such_module_here
except ModuleNotFoundError as e: print("ModuleNotFoundError:", e)
try: import shapes.sub
except ModuleNotFoundError as e: print("ModuleNotFoundError:", e)
try: shapes.areaa
except AttributeError as e: print("AttributeError:", e)
if __name__ == "__main__": print("main guard")
