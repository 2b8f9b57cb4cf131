1
"text"
[1, 2]
None
...
print("nothing printed above")
def f(): ...
def g(): pass
print(f(), g())
class A: ...
print(A().__class__.__name__)
if True: ...
1 + 1; "a" "b"; (lambda: 1); [x for x in ()]
print("done") if True else None
x = 5
x
x if x else 0
not x
f() or print("or")
f
