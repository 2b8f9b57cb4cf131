import itertools as it
take = lambda n, x: list(it.islice(x, n))
print(take(4, it.count()), take(3, it.count(5, 2)), take(3, it.count(0.5, 0.25)), take(3, it.count(3, -1)), take(5, it.cycle("ab")), list(it.cycle([])), list(it.repeat("x", 3)), take(2, it.repeat(1)), list(map(pow, range(4), it.repeat(2))))
print(list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([3, 1, 2], max)), list(it.accumulate([1, 2], initial=10)), list(it.accumulate("abc")), list(it.accumulate([], initial=None)), list(it.accumulate([1, 2, 3], lambda a, b: a * b)))
print(list(it.chain("ab", [1], ())), list(it.chain.from_iterable(["ab", "c"])), list(it.compress("abcd", [1, 0, 1, 1])), list(it.dropwhile(lambda x: x < 3, [1, 3, 1])), list(it.takewhile(lambda x: x < 3, [1, 3, 1])), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.filterfalse(None, [0, 1])))
print(list(it.islice("abcdef", 2)), list(it.islice("abcdef", 2, 4)), list(it.islice("abcdef", 1, None, 2)), list(it.islice("abc", None)), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("abc", "x", fillvalue="-")), list(it.zip_longest([1], [2, 3])), list(it.pairwise("abcd")), list(it.pairwise([1])))
print([(k, list(g)) for k, g in it.groupby("aabbca")], [(k, list(g)) for k, g in it.groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)], [k for k, g in it.groupby("aab")], list(it.groupby([])))
a, b = it.tee([1, 2, 3]); print(next(a), list(b), list(a)); x, y, z = it.tee("ab", 3); print(list(z), list(x), list(y))
g = it.islice(it.count(), 3); print(next(g), list(g), list(g))
print(type(it.count()).__name__, repr(it.count(5)), repr(it.repeat(1, 2)), repr(it.count(1, 2)), it.chain(it.repeat(0, 2), "x").__next__())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("islice negative:", lambda: it.islice([], -1)); attempt("islice step:", lambda: it.islice([], 0, 1, 0)); attempt("count text:", lambda: it.count("a")); attempt("chain int:", lambda: list(it.chain([1], 5))); attempt("starmap:", lambda: list(it.starmap(pow, [1]))); attempt("tee negative:", lambda: it.tee([], -1)); attempt("cycle int:", lambda: it.cycle(5)); attempt("accumulate:", lambda: list(it.accumulate([1, "a"])))
