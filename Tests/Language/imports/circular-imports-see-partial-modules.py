import cycle_a
print(cycle_a.both())
try: import cycle_from
except ImportError as e: print(type(e).__name__, str(e).split(" (")[0])
