from time import perf_counter


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def tree(depth):
    if depth == 0:
        return Node(None, None)
    return Node(tree(depth - 1), tree(depth - 1))


def check(node):
    if node.left is None:
        return 1
    return 1 + check(node.left) + check(node.right)


start = perf_counter()
total = 0
for _ in range(18):
    total += check(tree(13))
elapsed = perf_counter() - start
print("nodes:", total)
print("time:", elapsed)
