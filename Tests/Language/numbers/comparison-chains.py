calls = []
def v(x):
    calls.append(x)
    return x
print("chain:", v(1) < v(2) < v(3), calls); calls.clear()
print("short circuit:", v(3) < v(2) < v(1), calls); calls.clear()
print("mixed:", 1 < 2 > 1, 1 == 1 == 1, 1 != 2 != 1, 3 > 2 >= 2 != 1)
print("with in:", 1 in [1] == True, 1 < 2 in [2])
print("is:", None is None is None, 1 is not None)
x = 5
print("range test:", 0 <= x < 10, 0 <= x < 5, not 0 < x)
print("floats and ints:", 1 < 1.5 < 2, 1.0 <= 1 <= 1.0)
