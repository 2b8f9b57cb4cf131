# Gradients: accumulation, graphs, hooks, functions of one's own.
import torch
from torch.autograd import Function


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", str(error).split("\n")[0])


x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
print(y, y.requires_grad, y.is_leaf, x.is_leaf, x.grad, type(y.grad_fn).__name__)
y.backward()
print(x.grad, x.grad is x.grad, x)
(x ** 3).sum().backward()
print(x.grad)
x.grad.zero_()
print(x.grad)
x.grad = None
z = x.exp().mean()
z.backward(retain_graph=True)
z.backward()
print(x.grad)
fails(lambda: z.backward())
fails(lambda: (x * 2).backward())
fails(lambda: torch.ones(2).sum().backward())
fails(lambda: x.add_(1))
fails(lambda: torch.ones(2, requires_grad=True).numpy())
v = torch.tensor([1.0, 2.0], requires_grad=True)
(v * 3).backward(torch.tensor([1.0, 10.0]))
print(v.grad)
with torch.no_grad():
    w = v * 2
    print(w.requires_grad, torch.is_grad_enabled())
    with torch.enable_grad():
        print((v * 2).requires_grad)
print(torch.is_grad_enabled(), v.detach().requires_grad, v.detach().is_leaf)


@torch.no_grad()
def doubled(t):
    return t * 2


print(doubled(v).requires_grad, doubled.__name__)
with torch.set_grad_enabled(False):
    print((v + 1).requires_grad)
with torch.inference_mode():
    print((v + 1).requires_grad)
g, = torch.autograd.grad((v ** 2).sum(), v, create_graph=True)
print(g)
h, = torch.autograd.grad(g.sum(), v)
print(h)
u = torch.ones(2, requires_grad=True)
print(torch.autograd.grad(v.sum(), [v, u], allow_unused=True))
m = v * 2
m.retain_grad()
m.sum().backward()
print(m.grad, v.grad)
seen = []
handle = v.register_hook(lambda grad: seen.append(grad.clone()) or grad * 10)
v.grad = None
(v * v).sum().backward()
print(seen, v.grad)
handle.remove()
v.grad = None
(v * v).sum().backward()
print(len(seen), v.grad)


class Cube(Function):
    @staticmethod
    def forward(ctx, input, scale):
        ctx.save_for_backward(input)
        ctx.scale = scale
        return input ** 3 * scale

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        print("needs", ctx.needs_input_grad)
        return grad_output * 3 * input ** 2 * ctx.scale, None


out = Cube.apply(x, 2.0)
print(out, out.grad_fn.name())
x.grad = None
out.sum().backward()
print(x.grad)


class TwoOutputs(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b, a * b

    @staticmethod
    def backward(ctx, first, second):
        print("gradients", first, second)
        return first, second


a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
s, p = TwoOutputs.apply(a, b)
(s * 2).sum().backward()
print(a.grad, b.grad)


class StraightThrough(Function):
    @staticmethod
    def forward(ctx, input):
        return input.round()

    @staticmethod
    def backward(ctx, grad):
        return grad


q = torch.tensor([0.4, 1.6], requires_grad=True)
StraightThrough.apply(q).sum().backward()
print(q.grad)


class Wrong(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, grad):
        return grad


fails(lambda: Wrong.apply(a, b).sum().backward())


class Raises(Function):
    @staticmethod
    def forward(ctx, a):
        return a * 1

    @staticmethod
    def backward(ctx, grad):
        raise ValueError("inside backward")


fails(lambda: Raises.apply(a).sum().backward())
print(torch.autograd.functional.jacobian(lambda t: t ** 2, torch.tensor([1.0, 2.0])))
t = torch.tensor([1.0], requires_grad=True)
with torch.autograd.detect_anomaly():
    fails(lambda: (t * 0).sqrt().mul(0).div(0).sum().backward())
base = torch.zeros(3)
view = base[1:]
leaf = torch.tensor(2.0, requires_grad=True)
view.mul_(leaf).add_(leaf)
base.sum().backward()
print(leaf.grad, base)
k = torch.tensor([1.0, 2.0], requires_grad=True)
e = k.exp()
e.add_(1)
try:
    e.sum().backward()
except RuntimeError as error:
    print(str(error).split(":")[0])
print(torch.autograd.Variable(torch.ones(1), requires_grad=True))
