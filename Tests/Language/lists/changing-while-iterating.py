a = [1, 2, 3, 4]
seen = []
for x in a:
    seen.append(x)
    if x == 2:
        a.remove(x)
print("removed during:", seen, a)
a = [1]
for x in a:
    if len(a) < 5:
        a.append(x + 1)
print("appended during:", a)
a = [1, 2, 3]
for i, x in enumerate(a):
    a[i] = x * 10
print("assigned during:", a)
it = iter([1, 2, 3]); print("partly consumed:", next(it), list(it), list(it))
a = [1, 2]; it = iter(a); list(it); a.append(3); print("exhausted stays exhausted:", list(it))
a = [0, 1, 2, 3]; it = reversed(a); next(it); a.append(9); print("reversed:", list(it))
matrix = [[1, 2, 3], [4, 5, 6]]
print("transpose:", [list(row) for row in zip(*matrix)], [x for row in matrix for x in row])
stack = []; [stack.append(i) for i in range(3)]; print("stack:", stack.pop(), stack.pop(), stack)
