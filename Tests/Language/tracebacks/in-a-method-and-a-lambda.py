class C:
    def run(self, f):
        return f(self)
    @staticmethod
    def s(f): return f()
    @property
    def p(self): return self.missing
C.s(lambda: C().run(lambda s: s.p))
