# Objects live as long as something holds them, and keep their identity while they live.
import gc

import torch
import torch.nn as nn


class Noisy(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.name = name
        self.p = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x * self.p

    def __del__(self):
        print("gone", self.name)


n = Noisy("alone")
n = None
s = nn.Sequential(Noisy("inside"), nn.ReLU())
inner = s[0]
inner.note = "kept"
del inner
print(s[0].note, s[0].name)
s[0] = nn.Identity()
print("replaced")
s = nn.ModuleDict({"a": Noisy("dict")})
del s["a"]
a = Noisy("cycle")
a.me = [a]
del a
print("before collection")
gc.collect()
h = Noisy("hooked")
h.register_forward_hook(lambda m, i, o: print("hook", m is h))
h(torch.ones(1))
del h
gc.collect()
opt = torch.optim.SGD(Noisy("temporary").parameters(), lr=0.1)
p = opt.param_groups[0]["params"][0]
print(p is opt.param_groups[0]["params"][0], p)
x = torch.ones(2, requires_grad=True)
y = x * 2
y.retain_grad()
y.sum().backward()
print(x.grad is x.grad, y.grad is y.grad, y.grad)
g = x.grad
x.grad = None
print(g, x.grad)
m = nn.Linear(1, 1)
w = m.weight
w.tag = "mine"
del w
gc.collect()
print(m.weight.tag, m.weight is m._parameters["weight"], {m.weight: 1}[m.weight])
chain = torch.ones(1, requires_grad=True)
total = chain
for _ in range(20000):
    total = total + 1
total.backward()
print(chain.grad)
del total
print("end")
