def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
def too_few(): a, b, c = 1, 2
def too_many(): a, b = 1, 2, 3
def empty(): a, = []
def star_few(): a, *b, c = [1]
def not_iterable(): a, b = 5
def none(): a, b = None
def from_string(): a, b = "abc"
def from_dict(): a, b = {1: 1}
def nested(): a, (b, c) = 1, (2,)
def generator(): a, b = (x for x in range(3))
def loop():
    for a, b in [(1, 2), (3,)]: pass
def raising():
    def g():
        yield 1
        raise ValueError("inside")
    a, b = g()
def star_none(): print(*None)
def star_int(): [*5]
def dictstar(): print(**5)
def dictstar_keys(): dict(**{1: 2})
for f in (too_few, too_many, empty, star_few, not_iterable, none, from_string, from_dict, nested, generator, loop, raising, star_none, star_int, dictstar, dictstar_keys):
    attempt(f.__name__, f)
