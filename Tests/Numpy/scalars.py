import numpy as np

print(repr(np.float64(1.5)), repr(np.float32(0.1)), repr(np.int64(3)), repr(np.uint8(7)), repr(np.bool_(True)), repr(np.bool_(0)))
print(np.float64(1.5), np.float32(0.1), np.int64(3), np.bool_(True), str(np.float32(1)), str(np.float64(2)))
for value in [1e5, 1e6, 12345678.0, 1e15, 1e16, 123456.789, 0.0001, 0.00001, 1 / 3, -0.0, 1e300]:
    print(repr(np.float64(value)), repr(np.float32(value)) if value < 1e30 else "")
print(repr(np.float64("nan")), repr(np.float32("inf")), -np.float64("inf"))
print(np.float32(3) + 1, type(np.float32(3) + 1.5), type(np.float32(3) * np.float64(2)), type(np.int8(3) + 1), type(np.int64(3) / 2))
print(type(np.int64(7) // 2), type(7 % np.int32(4)), type(2 ** np.int64(3)), type(1.5 * np.int64(2)), type(np.float64(2) + 1), type(True + np.float64(2)), type(np.int64(1) == 1))
print(np.float64(7) // 2, np.float64(7) % 4, np.float64(2) ** 0.5, -np.float64(1), abs(np.int64(-3)), divmod(np.int64(7), 2), ~np.int8(5), np.int64(6) & 3)
print(f"{np.float32(0.1):.3f} {np.float32(0.1)} {np.int64(3):>5} {np.float64(2.5):8.2e} {np.bool_(True)} {np.float64(1) / 3:.2%}")
print("%d %.2f %s %r" % (np.int64(3), np.float32(2.5), np.float32(2.5), np.float64(1)))
print(round(np.float64(2.567), 2), type(round(np.float64(2.567), 2)), round(np.float32(2.567), 1), type(round(np.float64(2.5))), round(np.float64(2.5)), round(np.int64(5)))
print(np.float32(0.1).item(), type(np.float32(1).item()), type(np.int8(1).item()), type(np.bool_(1).item()), float(np.float32(0.5)), int(np.float64(3.9)), int(np.int8(-3)), bool(np.float32(0)))
print([np.float32(1.5), np.int64(2)], {np.int64(1): 2}[1], {1: 5}[np.int64(1)], hash(np.float64(0.5)) == hash(0.5), np.float64(1.0) == 1, np.int64(3) in [1, 2, 3], 3 == np.int64(3))
print(list(range(np.int64(3))), [10, 20, 30][np.int64(1)], "ab" * np.int64(2), [1, 2][np.int8(-1)], sum([np.float64(1), np.float64(2)]), max([np.int64(3), np.int64(9)]), sorted([np.float32(2), np.float32(1)]))
print(isinstance(np.float64(1), float), isinstance(np.int64(1), int), isinstance(np.float32(1), np.floating), isinstance(np.int8(1), np.integer), isinstance(np.bool_(1), np.bool_))
print(np.float32(1).dtype, np.int64(1).shape, np.float64(2).ndim, np.float32(2).sum(), np.float64(2).mean(), np.float64(4).astype(np.int32), np.float32(1).tolist(), np.int64(4).reshape(1))
import math, json
print(math.sqrt(np.float64(4)), math.floor(np.float32(2.5)), math.isnan(np.float32("nan")), json.dumps({"loss": np.float64(0.5)}), math.ceil(np.float64(1.2)))
print(np.int8(100) + np.int8(27), np.uint8(5) - np.uint8(3), np.float32(16777216) + np.float32(1), np.float32(1) / np.float32(3), np.int32(7) / np.int32(2))
print(np.True_ and 5, not np.False_, np.True_ + np.True_, np.True_ & np.False_, np.bool_(True) == True, bool(np.array([1])), np.pi, np.e, np.inf, np.nan)
print(np.arange(3)[1], type(np.arange(3)[1]), type(np.array([1.5])[0]), type(np.array([True])[0]), type(np.zeros(2).sum()), type(np.zeros(2).max()), type(np.zeros(2).argmax()))
print(np.float64(3).is_integer(), np.float64(0.5).as_integer_ratio(), np.float64.fromhex("0x1p-1"), np.int64(5).__index__())
