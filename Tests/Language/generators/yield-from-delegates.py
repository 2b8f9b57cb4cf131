def inner():
    x = yield 1
    print("inner got", x)
    try: yield 2
    except ValueError as e: print("inner caught", e); yield "handled"
    return "result"
def outer():
    r = yield from inner()
    print("result:", r)
    yield from [10, 20]
    yield from "ab"
    r = yield from range(1)
    print("range result:", r)
    return "outer"
o = outer(); print(next(o), o.send("hi"), o.throw(ValueError("v")))
out = []
while True:
    try: out.append(next(o))
    except StopIteration as error: print(error.value); break
print(out)
def closer():
    try: yield 1
    finally: print("inner closed")
def delegating():
    try: yield from closer()
    finally: print("outer closed")
d = delegating(); next(d); d.close()
def bad(): yield from 5
try: list(bad())
except TypeError as error: print("TypeError:", error)
def walk(n):
    if n: yield n; yield from walk(n - 1)
print(list(walk(50))[:5], len(list(walk(200))))
class Iter:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2: raise StopIteration("iter value")
        return self.n
def from_iterator():
    r = yield from Iter()
    print("value:", r)
print(list(from_iterator()))
def send_to_list(): yield from [1, 2]
s = send_to_list(); next(s)
try: s.send(5)
except AttributeError as error: print("AttributeError:", error)
def chain(*its):
    for it in its: yield from it
print(list(chain("ab", [1], (x for x in range(2)))))
def propagates():
    def fail(): yield 1; raise KeyError("deep")
    yield from fail()
try: list(propagates())
except KeyError as error: print("KeyError:", error)
