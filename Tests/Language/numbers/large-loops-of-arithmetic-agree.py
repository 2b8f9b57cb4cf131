x = 12345
state = []
for i in range(200):
    x = (x * 1103515245 + 12345) % 2147483648
    state.append(x % 100)
print("lcg:", state[:30], sum(state))
a, b = 0, 1
for _ in range(300):
    a, b = b, a + b
print("fibonacci 300:", a)
n = 27
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print("collatz 27:", steps)
h = 0
for c in "hash this text":
    h = (h * 31 + ord(c)) & 0xffffffff
print("hash:", h)
f = 1.0
for i in range(1, 50):
    f = f * 1.1 - 0.37 / i
print("float recurrence:", f)
def isqrt(n):
    x = n
    y = (x + 1) // 2
    while y < x:
        x = y
        y = (x + n // x) // 2
    return x
print("isqrt:", isqrt(10 ** 40), isqrt(2 * 10 ** 60))
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
print("gcd:", gcd(2 ** 90 * 3, 6 ** 50))
primes = [n for n in range(2, 200) if all(n % d for d in range(2, int(n ** 0.5) + 1))]
print("primes:", len(primes), primes[-5:])
