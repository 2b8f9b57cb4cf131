rows = [("apple", 3, 1.5), ("banana", 12, 0.25), ("kiwi", 100, 10.0)]
print(f"{'name':<10}|{'count':>6}|{'price':^9}")
print("-" * 27)
for name, count, price in rows:
    print(f"{name:<10}|{count:>6}|{price:^9.2f}")
print("total".ljust(10) + "|" + str(sum(r[1] for r in rows)).rjust(6) + "|")
print("\n".join("%-8s%4d%8.2f" % row for row in rows))
print("{:=^30}".format(" title "))
for i in range(1, 4):
    print(" ".join(f"{i * j:3}" for j in range(1, 6)))
