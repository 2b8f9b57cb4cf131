from time import perf_counter


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def advance(pairs, bodies, dt):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        magnitude = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
        ma = a.mass * magnitude
        mb = b.mass * magnitude
        a.vx -= dx * mb
        a.vy -= dy * mb
        a.vz -= dz * mb
        b.vx += dx * ma
        b.vy += dy * ma
        b.vz += dz * ma
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(pairs, bodies):
    total = sum(0.5 * b.mass * (b.vx ** 2 + b.vy ** 2 + b.vz ** 2) for b in bodies)
    for a, b in pairs:
        total -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5
    return total


bodies = [
    Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47841760435743),
    Body(4.84143144, -1.16032004, -0.10362204, 0.60632639, 2.81198684, -0.02521836, 0.03769367),
    Body(8.34336671, 4.12479856, -0.40352342, -1.01077434, 1.82566237, 0.00841576, 0.01128632),
    Body(12.8943695, -15.1111514, -0.22330758, 1.08279100, 0.86871301, -0.01083263, 0.00172372),
    Body(15.3796971, -25.9193146, 0.17925877, 0.97909073, 0.59469899, -0.03475595, 0.00203368),
]
pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i + 1, 5)]
start = perf_counter()
for _ in range(9000):
    advance(pairs, bodies, 0.01)
elapsed = perf_counter() - start
print("energy:", f"{energy(pairs, bodies):.12f}")
print("time:", elapsed)
