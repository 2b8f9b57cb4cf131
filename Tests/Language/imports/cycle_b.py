print("b starts")
import cycle_a
print("b sees", hasattr(cycle_a, "value"))
value = "b"
