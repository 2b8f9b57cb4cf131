if (n := len([1, 2, 3])) > 2: print(n)
while (x := n) > 0: n -= 1
print(x, n)
print([y := 5, y ** 2], y)
data = iter([1, 2, 0, 3])
while (v := next(data)): print("v", v)
print((a := 1, b := 2), a, b)
f = lambda z: (w := z * 2) + w
print(f(3))
print([last := i for i in range(4)], last)
def g():
    if any((found := i) > 2 for i in range(10)): return found
print(g())
print(f"{(q := 3)} {q}", (r := "x") + r)
def h(p=(dflt := 7)): return p
print(h(), dflt)
print({(k := "a"): 1, k + "b": 2}, {s := 1, s + 1})
x = (t := 1) if False else (t := 2); print(t)
print([total := total + v for v in [1, 2, 3]] if (total := 10) else 0, total)
def scope():
    global gl
    (gl := "set global")
scope(); print(gl)
