for i in range(3):
    if i == 5: break
else: print("for else")
for i in range(3):
    if i == 1: break
else: print("never")
print(i)
n = 3
while n: n -= 1
else: print("while else", n)
while True: break
else: print("never")
for x in []: pass
else: print("empty else")
for i in range(3):
    for j in range(3):
        if j == 1: continue
        if j == 2: break
        print(i, j)
    else: print("never")
for i in range(2):
    try: continue
    finally: print("f", i)
else: print("else after continue")
def find(xs, v):
    for i, x in enumerate(xs):
        if x == v: return i
    else: return -1
print(find("abc", "b"), find("abc", "z"))
for i in range(10):
    i += 5
    if i > 7: break
print(i)
for x in (1, 2), (3, 4): print(x)
for x, in [(1,), (2,)]: print(x)
for i in range(3): last = i
print(last)
k = 0
while k < 10:
    k += 1
    if k % 2: continue
    if k > 6: break
else: print("never")
print(k)
primes = []
for n in range(2, 30):
    for p in primes:
        if n % p == 0: break
    else: primes.append(n)
print(primes)
while (k := k - 1) > 3: pass
print(k)
