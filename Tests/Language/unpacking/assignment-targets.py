a, b = 1, 2
(c, d) = [3, 4]
[e, f] = "xy"
print(a, b, c, d, e, f)
g, (h, [i, j]) = 1, (2, [3, 4]); print(g, h, i, j)
a = b = c = [0]; print(a is b is c)
first, *rest = [1, 2, 3]; print(first, rest)
*init, last = "abc"; print(init, last)
x, *mid, y = range(6); print(x, mid, y)
x, *mid, y = 1, 2; print(x, mid, y)
*all_, = (1, 2); print(all_)
(p, *q), r = [1, 2, 3], 4; print(p, q, r)
lst = [0, 0]; lst[0], lst[1] = 5, 6; print(lst)
class O: pass
o = O(); o.x, o.y = 7, 8; print(o.x, o.y)
i = 0
i, lst[i] = 1, "one"; print(i, lst)
d = {}; d["a"], d["b"] = 1, 2; print(d)
a, b, c = (n for n in range(3)); print(a, b, c)
a, b = {"k1": 1, "k2": 2}; print(a, b)
for k, (m, n) in [("a", (1, 2)), ("b", (3, 4))]: print(k, m, n)
for head, *tail in [[1, 2, 3], [4]]: print(head, tail)
(a), b = 1, 2; print(a, b)
() = []; print("empty target")
a = b, c = 1, 2; print(a, b, c)
x = y = z = 0; x += 1; print(x, y, z)
lst = [1, 2, 3]; lst[0], *lst[1:] = "a", "b", "c", "d"; print(lst)
s = [1, 2, 3, 4]; s[0], s[-1] = s[-1], s[0]; print(s)
