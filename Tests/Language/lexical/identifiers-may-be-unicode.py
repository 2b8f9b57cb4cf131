naïve = 1
π = 3.14159
变量 = "chinese"
_private = "_"
__dunder = "__"
ñ1 = "n"
print(naïve, π, 变量, _private, __dunder, ñ1)
class Größe:
    höhe = 5
print("class:", Größe.__name__, Größe.höhe)
def ångström(Δ):
    return Δ * 2
print("function:", ångström(4), ångström(Δ=5))
print("isidentifier:", "π".isidentifier(), "1a".isidentifier(), "a-b".isidentifier(), "".isidentifier(), "class".isidentifier())
