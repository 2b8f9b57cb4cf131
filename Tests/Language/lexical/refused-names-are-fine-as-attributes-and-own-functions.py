import re
class Model:
    def eval(self): return "eval mode"
    def compile(self, how="fast"): return f"compiled {how}"
    exec = 5
m = Model()
print(m.eval(), m.compile(how="slow"), m.exec, re.compile("a").pattern, getattr(m, "eval")())
def run(complex=1): return complex + 1
print(run(complex=4))
text = "async exec eval compile metaclass 3j"
print(text, {"eval": 1}["eval"])
