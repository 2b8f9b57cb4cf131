a = 1; b = 2; print("sum:", a + b)
if a: print("one-line if"); print("both belong to it")
if not a: print("never"); print("never either")
for i in range(3): print("i", i); a += i
print("a:", a);
class Empty: pass
def one(): x = 1; return x
print("one:", one())
while a > 0: a -= 1; b += 1
print("b:", b)
