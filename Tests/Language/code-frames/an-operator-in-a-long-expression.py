a, b, c = 1, 0, 2
value = a + (b * c) + a / b - c
