print("a starts")
import cycle_b
value = "a"
def both(): return value, cycle_b.value
print("a ends")
