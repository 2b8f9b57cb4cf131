class Color: RED = 1; BLUE = "b"
def f(x):
    match x:
        case 0: return "zero"
        case 1.5: return "one and a half"
        case "a" | "b": return "a or b"
        case None: return "none"
        case True: return "true"
        case b"x": return "bytes"
        case -3: return "minus three"
        case Color.BLUE: return "blue"
        case "x" "y": return "concatenated"
        case int(): return "some int"
        case _: return "other"
print([f(v) for v in (0, 0.0, 1.5, "a", "b", None, True, 1, b"x", -3, "xy", 99, [], False)])
def g(x):
    match x:
        case int(n) if n > 10: return f"big {n}"
        case int(n): return f"int {n}"
        case str() as s: return f"str {s}"
        case float() | bool(): return "float"
        case y: return f"captured {y}"
print([g(v) for v in (50, 5, "t", 1.5, (1,))])
match 5:
    case 3: print("no")
print("falls through")
match 1, 2:
    case 1, x: print("tuple subject", x)
match [1, 2]:
    case [a, b] if a > b: print("no")
    case [a, b]: print("bound by failed guard and again", a, b)
x = "outer"
match 7:
    case x: pass
print(x)
match "str":
    case [*_]: print("strings are not sequences")
    case _: print("right")
match (y := 3):
    case 3: print("walrus subject", y)
for v in (1, 2, 3):
    match v:
        case 2: break
        case 1: continue
print("loop ended at", v)
def h(cmd):
    match cmd.split():
        case ["go", ("north" | "south") as d]: return f"going {d}"
        case ["go", other]: return f"cannot go {other}"
        case ["take", *items] if items: return f"taking {items}"
        case ["quit" | "exit"]: return "bye"
        case []: return "nothing"
        case [c, *_]: return f"unknown {c}"
print([h(c) for c in ("go north", "go up", "take a b", "take", "exit", "", "dance now")])
