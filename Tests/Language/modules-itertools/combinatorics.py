import itertools as it
print(list(it.product("ab", [1, 2])), list(it.product("ab", repeat=2)), list(it.product()), list(it.product("a", [])), len(list(it.product(range(3), repeat=4))))
print(list(it.permutations("abc")), list(it.permutations(range(3), 2)), list(it.permutations("ab", 3)), list(it.permutations([])), len(list(it.permutations(range(6)))))
print(list(it.combinations("abcd", 2)), list(it.combinations("ab", 0)), list(it.combinations("ab", 3)), ["".join(c) for c in it.combinations("abcde", 3)], len(list(it.combinations(range(10), 5))))
print(list(it.combinations_with_replacement("abc", 2)), list(it.combinations_with_replacement([], 1)))
for f in (lambda: it.combinations("ab", -1), lambda: it.permutations("ab", -1), lambda: it.combinations("ab"), lambda: it.product(5), lambda: it.product("a", repeat=-1)):
    try: print(f())
    except (ValueError, TypeError) as e: print(type(e).__name__ + ":", e)
print(sum(1 for p in it.permutations(range(7)) if p[0] < p[-1]), max(it.product([3, 1], [2, 9])), [a + b for a, b in it.product("xy", "12") if a + b != "x2"])
def powerset(s): return list(it.chain.from_iterable(it.combinations(s, r) for r in range(len(s) + 1)))
print(powerset([1, 2, 3]), list(it.takewhile(lambda x: x < 50, it.accumulate(it.count(1), lambda a, b: a * 2))))
def batches(xs, n): i = iter(xs); return iter(lambda: list(it.islice(i, n)), [])
print(list(batches(range(7), 3)), list(it.chain(*it.zip_longest(*[iter("abcde")] * 2, fillvalue=""))), dict(zip("abc", it.count())))
