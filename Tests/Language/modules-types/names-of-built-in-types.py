import types
def f(): yield
print(types.FunctionType is type(f), types.LambdaType is types.FunctionType, isinstance(f(), types.GeneratorType), isinstance(len, types.BuiltinFunctionType), isinstance(types, types.ModuleType), isinstance([].append, types.BuiltinMethodType), types.NoneType is type(None), types.EllipsisType is type(...), isinstance(int | str, types.UnionType), isinstance(list[int], types.GenericAlias))
n = types.SimpleNamespace(a=1, b="x"); n.c = [2]; print(n, n.a, n == types.SimpleNamespace(a=1, b="x", c=[2]), vars(n)); del n.a; print(n, types.SimpleNamespace())
m = types.MappingProxyType({"a": 1}); print(m["a"], m, len(m), list(m), m.get("z"), "a" in m)
try: m["b"] = 2
except TypeError as e: print("TypeError:", e)
class C:
    def m(self): return self
print(types.MethodType(lambda s, x: (s, x), 5)(6), isinstance(C().m, types.MethodType), types.MethodType(C.m, 9)())
mod = types.ModuleType("made", "docs"); mod.x = 5; print(mod.__name__, mod.__doc__, mod.x, repr(mod))
K = types.new_class("K", (C,)); print(K.__name__, issubclass(K, C)); 
class D:
    @types.DynamicClassAttribute
    def p(self): return "dyn"
print(D().p, isinstance(C.__dict__, types.MappingProxyType), types.TracebackType.__name__)
try: n.zz
except AttributeError as e: print("AttributeError:", e)
