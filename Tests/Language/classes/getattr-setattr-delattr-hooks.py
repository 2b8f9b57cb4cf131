class Proxy:
    def __init__(self): object.__setattr__(self, "log", [])
    def __getattr__(self, name):
        self.log.append("get " + name)
        if name.startswith("no"): raise AttributeError("refused " + name)
        return name.upper()
    def __setattr__(self, name, value): self.log.append(f"set {name}={value}"); object.__setattr__(self, name, value)
    def __delattr__(self, name): self.log.append("del " + name); object.__delattr__(self, name)
p = Proxy(); print(p.foo, getattr(p, "bar"), hasattr(p, "nope"), getattr(p, "nothing", "dflt"))
p.x = 1; p.x += 1; print(p.x); del p.x; print(p.x); print(p.log)
try: p.none
except AttributeError as error: print("AttributeError:", error)
class Always:
    def __init__(self): self.real = 1
    def __getattribute__(self, name):
        if name == "magic": return "intercepted"
        return super().__getattribute__(name)
a = Always(); print(a.magic, a.real)
try: a.missing
except AttributeError as error: print("AttributeError:", error)
class Both:
    def __getattribute__(self, name): raise AttributeError("first " + name)
    def __getattr__(self, name): return "fallback " + name
print(Both().anything)
class Frozen:
    def __setattr__(self, n, v): raise AttributeError(f"cannot set {n}")
try: Frozen().x = 1
except AttributeError as error: print("AttributeError:", error)
class Attr(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
d = Attr(); d.a = 5; print(d.a, d)
try: d.zz
except KeyError as error: print("KeyError:", error)
class Count:
    calls = 0
    @property
    def p(self): raise AttributeError("inside property")
    def __getattr__(self, n): return "getattr " + n
print(Count().p)
class Delegate:
    def __init__(self, o): self._o = o
    def __getattr__(self, n): return getattr(self._o, n)
l = Delegate([3, 1]); l.append(2); l.sort(); print(l._o)
try: len(l)
except TypeError as error: print("TypeError:", error)
