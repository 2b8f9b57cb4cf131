# Hooks around forward and backward.
import torch
import torch.nn as nn

torch.manual_seed(0)
layer = nn.Linear(2, 2)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    layer.bias.zero_()
x = torch.tensor([[1.0, 1.0]])


def pre(module, args):
    print("pre", type(module).__name__, args)


def post(module, args, output):
    print("post", args, output.tolist())


h1 = layer.register_forward_pre_hook(pre)
h2 = layer.register_forward_hook(post)
layer(x)
h1.remove()
h2.remove()
layer(x)
with layer.register_forward_pre_hook(lambda m, args: (args[0] * 10,)):
    print(layer(x).tolist())
h = layer.register_forward_hook(lambda m, args, out: out + 100)
print(layer(x).tolist())
first = layer.register_forward_hook(lambda m, args, out: print("prepended", out.tolist()), prepend=True)
layer(x)
h.remove()
first.remove()


def backward(module, grad_input, grad_output):
    print("backward", [g if g is None else g.tolist() for g in grad_input], [g.tolist() for g in grad_output])


h = layer.register_full_backward_hook(backward)
xx = x.clone().requires_grad_()
layer(xx).sum().backward()
print(xx.grad.tolist(), layer.weight.grad.tolist())
h.remove()
h = layer.register_full_backward_hook(lambda m, gi, go: (gi[0] * 2,))
xx.grad = None
layer(xx).sum().backward()
print(xx.grad.tolist())
h.remove()
net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))
shapes = {}
handles = [m.register_forward_hook(lambda m, i, o, n=n: shapes.__setitem__(n, tuple(o.shape))) for n, m in net.named_modules()]
net(torch.randn(4, 2))
print(shapes)
for handle in handles:
    handle.remove()
calls = []


class Wrapped(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x, scale=1, *, shift=0):
        return {"out": self.inner(x) * scale + shift, "scale": scale}


w = Wrapped(layer)
w.register_forward_hook(lambda m, a, kw, o: calls.append((len(a), sorted(kw), sorted(o))), with_kwargs=True)
print(w(x, 2, shift=1)["out"].tolist(), calls)
w.register_forward_pre_hook(lambda m, a, kw: (a, dict(kw, scale=5)), with_kwargs=True)
print(w(x)["scale"])
s = nn.Sequential(Wrapped(layer).inner, nn.ReLU())
print(s(x).tolist())
outs = []
conv = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.ReLU6())
h = conv[0].register_forward_hook(lambda m, i, o: outs.append(o.shape))
conv(torch.ones(2, 1, 2, 2))
print(outs, conv[1].num_batches_tracked.item())
h.remove()
conv(torch.ones(2, 1, 2, 2))
print(len(outs), conv[1].num_batches_tracked.item())
