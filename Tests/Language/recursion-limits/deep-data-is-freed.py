class Node:
    def __init__(self, next): self.next = next
head = None
for i in range(100000): head = Node(head)
n, c = head, 0
while n: n = n.next; c += 1
print(c); head = None; print("list freed")
t = ()
for i in range(100000): t = (t, i)
t = None; print("tuples freed")
d = {}
for i in range(100000): d = {"k": d}
d = None; print("dicts freed")
l = []
for i in range(100000): l = [l]
del l; print("lists freed")
f = lambda: 0
for i in range(10000): f = (lambda g: lambda: g)(f)
f = None; print("closures freed")
g = iter([])
for i in range(300): g = (x for x in g)
print(list(g)); g = None; print("generators freed")
