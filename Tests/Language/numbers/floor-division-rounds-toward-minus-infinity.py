for a in (7, -7, 0, 1, -1):
    for b in (2, -2, 3, -3, 7):
        print(f"{a} // {b} = {a // b}, {a} % {b} = {a % b}")
for a in (7.5, -7.5, 0.0, 1e300):
    for b in (2.0, -2.0, 0.3):
        print(f"{a} // {b} = {a // b}, {a} % {b} = {a % b}")
print("mixed:", 7 // 2.0, -7 % 2.5, 5.5 // 1)
print("negative zero:", -0.0 % 5, 0.0 % -5, -0.0 // 5)
print("infinite:", 5.0 % float("inf"), -5.0 % float("inf"), 5.0 // float("inf"), -5.0 // float("inf"))
