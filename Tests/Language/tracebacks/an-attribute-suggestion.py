class Person:
    def __init__(self): self.first_name = "a"
p = Person()
print(p.first_nme)
