from time import perf_counter


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def add(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Scaled(Vector):
    def scale(self, k):
        self.x *= k
        self.y *= k
        return self


def run(n):
    a = Scaled(1, 2)
    step = Vector(3, -1)
    total = 0
    for i in range(n):
        a.add(step)
        total += a.dot(step)
        if i % 100 == 0:
            a.scale(-1)
    return total, a.x, a.y


start = perf_counter()
result = run(300000)
elapsed = perf_counter() - start
print("vector:", result)
print("time:", elapsed)
