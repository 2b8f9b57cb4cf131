if True:
	print("tab")
	if True:
		print("two tabs")
	print("back to one")
def f():
  if True:
        return "spaces of different widths"
  return "no"
print(f())
class A:
 x = 1
 def m(self):
     return self.x
print(A().m())
