saved = None
def fail():
    raise ValueError("saved")
try:
    fail()
except ValueError as e:
    saved = e
print("later")
raise saved
