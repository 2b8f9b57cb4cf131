name, n, x = "world", 5, 3.14159
items = [1, 2, 3]; d = {"a": 1, "b": [10, 20]}
print(f"hello {name}", f"{n}", f"{n + 1} {n * 2}", f"{x:.2f}", f"{n:05d}", f"{name:>10}|", f"{name!r}", f"{name!r:>10}", F"{n}", fr"\n{n}", rf"{n}\t")
print(f"{items[0]} {items[-1]} {d['a']} {d['b'][1]}", f"{name.upper()} {len(items)}", f"{'nested ' + name}")
print(f"{{}} {{{n}}} {{{{", f"{n}{n}{n}", f"", f"no fields", f"{n:{n}}|", f"{x:{n}.{2}f}|", f"{name:{'*'}^{n * 2}}")
print(f"{n=} {x=:.1f} {name=} {n + 1=} {name=!s} { n = }", f"{items=}", f"{d['a']=}")
print(f"{n if n > 3 else 0}", f"{(lambda v: v * 2)(4)}", f"{[i * i for i in items]}", f"{ {'k': 1} }", f"{ {1, } }", f"{n > 3 and n < 10}", f"{not n}")
print(f"{n!r:^5}|{n!s:<5}|{'é'!a}")
print(f"a" "b" f"{n}" 'c', "x" f"{n}")
print(f"""triple {n}
  {x:.1f} 'quotes' "inside"
""" + f'''{name}''')
print(f"{n:,} {12345678:,} {0.5:.0%} {255:#x} {255:b}")
print(f"{(y := 10)} {y}", f"{y:=5}", f"{'a' 'b'}", f"{1,2}", f"{*items,}")
print(f"{n:>{n}}" f"{n:<{n + 1}}|", f"{3.7:{'.1f' if n else ''}}")
def f(v): return f"<{v}>"
print(f"{f(f(n))}", f"{f'{n}'}", f"{f'{n:{n}}'}")
print(f'{d["a"]}', f"{'''x'''}", f"{'{}'}", f"{chr(10)!r}", f"{n}%", f"{x:5.1f}%")
class T:
    def __format__(self, spec): return f"T<{spec}>"
print(f"{T()} {T():abc} {T():{n}x}", format(T(), "q"), "{:z}".format(T()))
print(f"{True} {None} {...} {b'x'}", f"\x41{n}\u00e9\N{BULLET}")
try:
    print(f"{undefined}")
except NameError as error:
    print("NameError:", error)
