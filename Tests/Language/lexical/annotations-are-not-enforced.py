x: int = "text"
print("annotated assignment:", x)
y: int
try:
    print(y)
except NameError as error:
    print("bare annotation binds nothing:", error)
def f(a: str, b: "forward" = 2, *args: int, c: float = 3.0, **kw: dict) -> None:
    return (a, b, args, c, kw)
print("call:", f(1, [], 3, c="x", d=4))
class C:
    name: str
    size: int = 3
    def m(self) -> "C":
        return self
print("class attribute:", C.size, C().size, hasattr(C, "name"))
print("class annotations:", list(C.__annotations__))
print("function annotations:", sorted(f.__annotations__))
def g():
    z: undefined_name = 5
    return z
print("local annotations are not evaluated:", g())
item: list = []
item.append(1)
pair = {}
pair["k"]: int = 5
print("targets:", item, pair)
(w): int = 4
print("parenthesised:", w)
