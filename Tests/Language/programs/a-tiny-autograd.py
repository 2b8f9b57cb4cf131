import math
class Value:
    def __init__(self, data, children=(), back=lambda: None): self.data, self.grad, self._prev, self._back = data, 0.0, set(children), back
    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o); out = Value(self.data + o.data, (self, o))
        def back(): self.grad += out.grad; o.grad += out.grad
        out._back = back; return out
    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o); out = Value(self.data * o.data, (self, o))
        def back(): self.grad += o.data * out.grad; o.grad += self.data * out.grad
        out._back = back; return out
    __radd__, __rmul__ = __add__, __mul__
    def tanh(self):
        t = math.tanh(self.data); out = Value(t, (self,))
        def back(): self.grad += (1 - t * t) * out.grad
        out._back = back; return out
    def backward(self):
        topo, seen = [], set()
        def build(v):
            if v not in seen:
                seen.add(v)
                for c in v._prev: build(c)
                topo.append(v)
        build(self); self.grad = 1.0
        for v in reversed(topo): v._back()
a, b = Value(0.5), Value(-1.5); c = (a * b + 2 * a).tanh() + a * a; c.backward(); print(c.data, a.grad, b.grad)
