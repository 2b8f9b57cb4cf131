class A:
    def m(self, xs):
        return [x.y for x in xs if x]
A().m([0, 1])
