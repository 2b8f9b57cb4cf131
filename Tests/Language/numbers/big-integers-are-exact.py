print("2 ** 100 =", 2 ** 100)
print("factorial 30 =", __import__("math").factorial(30))
a = 123456789012345678901234567890
b = 987654321098765432109876543210
print("sum:", a + b)
print("difference:", a - b)
print("product:", a * b)
print("quotient:", b // a, -b // a, b // -a)
print("remainder:", b % a, -b % a, b % -a)
print("power:", a ** 5)
print("modular power:", pow(a, b, 1000000007))
print("true division:", a / b, (10 ** 400) / (10 ** 399))
print("comparison:", a < b, a == a + 0, a != b, a > 10 ** 10)
print("shift:", a << 70, a >> 50, -a >> 50, -1 >> 1000)
print("bitwise:", a & b, a | b, a ^ b, ~a, -a & b)
print("at the edge of 64 bits:", 2 ** 63 - 1, 2 ** 63, -2 ** 63, -2 ** 63 - 1, 2 ** 64)
x = 9223372036854775807
print("overflowing add:", x + 1, -x - 2, x * x, x * -2, x - -1)
print("back to small:", (x + 1) - 1 == x, (2 ** 70) // (2 ** 68))
print("hash:", hash(2 ** 61 - 1), hash(2 ** 61), hash(10 ** 40) == hash(10 ** 40), hash(-1), hash(-2))
total = 1
for i in range(1, 60):
    total *= i
print("60!-ish:", total)
print("digits of 3 ** 500:", len(str(3 ** 500)), str(3 ** 500)[:20])
print("negative to string:", -(10 ** 25))
print("parse:", int("9" * 40) + 1)
