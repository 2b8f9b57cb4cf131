x = 10
x += 5; print("+=", x)
x -= 3; print("-=", x)
x *= 4; print("*=", x)
x //= 5; print("//=", x)
x **= 3; print("**=", x)
x %= 100; print("%=", x)
x /= 8; print("/=", x)
x += 2 ** 70; print("big float", x)
y = 2 ** 62
y += y; print("overflow", y)
y -= 2 ** 63 - 1; print("down", y)
items = [1, 2, 3]
items[1] += 10; print(items)
items[-1] *= 2; print(items)
class Box: pass
box = Box(); box.n = 1
box.n += 1; box.n <<= 3
print("attribute:", box.n)
d = {"a": 1}
d["a"] -= 5; print(d)
def f():
    print("evaluated once")
    return 0
items[f()] += 100
print(items)
