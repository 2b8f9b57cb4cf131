visible = "visible"
_hidden = "hidden"
import math
