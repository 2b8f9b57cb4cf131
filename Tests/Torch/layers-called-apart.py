# Convolution, normalisation and rectifier called one after another in a forward function of the user's own.
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_printoptions(precision=4, sci_mode=False)


class Block(nn.Module):
    def __init__(self, width, out, stride, how):
        super().__init__()
        self.conv1 = nn.Conv2d(width, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, groups=out, bias=how == "functions")
        self.bn2 = nn.BatchNorm2d(out)
        self.conv3 = nn.Conv2d(out, out, 1)
        self.bn3 = nn.BatchNorm2d(out, momentum=None)
        self.relu = nn.ReLU(inplace=how == "in place")
        self.relu6 = nn.ReLU6(inplace=how == "in place")
        self.shortcut = nn.Sequential(nn.Conv2d(width, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.how = how

    def forward(self, x):
        out = self.bn1(self.conv1(x))
        if self.how == "functions":
            out = torch.relu(out)
            out = F.relu6(self.bn2(self.conv2(out)))
            y = self.bn3(self.conv3(out))
            return F.relu(y + self.shortcut(x), inplace=True)
        out = self.relu(out)
        out = self.relu6(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += self.shortcut(x)
        return self.relu(out)


class Net(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.blocks = nn.ModuleList([Block(8, 8, 1, how), Block(8, 16, 2, how)])
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


def train(how, dtype):
    torch.manual_seed(3)
    net = Net(how).to(dtype)
    x, y = torch.randn(6, 3, 8, 10).to(dtype), torch.tensor([0, 1, 2, 3, 1, 0])
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(round(loss.item(), 4))
    print(how, dtype, losses)
    print(net.blocks[0].bn1.running_mean, net.blocks[1].bn3.running_var, int(net.norm.num_batches_tracked))
    print(net.blocks[0].conv2.weight.grad.flatten()[:5], net.blocks[1].bn3.bias.grad[:4])
    net.eval()
    with torch.no_grad():
        print(net(x)[:2])
    print(net(x)[:2].detach())


for how in ("layers", "in place", "functions"):
    train(how, torch.float64)
    train(how, torch.float32)

# What stands between the layers is there for whoever looks.
torch.manual_seed(0)
conv, norm = nn.Conv2d(4, 8, 1), nn.BatchNorm2d(8)
x = torch.randn(2, 4, 3, 3, requires_grad=True)
y = conv(x)
z = norm(y)
r = torch.relu(z)
print(y.grad_fn.name(), z.grad_fn.name(), r.grad_fn.name(), r.grad_fn.next_functions[0][0].name())
y.retain_grad()
z.retain_grad()
r.retain_grad()
seen = []
y.register_hook(lambda g: seen.append(("y", round(g.abs().sum().item(), 4))))
z.register_hook(lambda g: g * 2)
(r * torch.arange(9.0).view(3, 3)).sum().backward()
print(seen[0][0], round(seen[0][1], 2), [round(t.grad.abs().sum().item(), 2) for t in (y, z, r)])
print(x.grad[0, 0], conv.bias.grad.abs().max() < 1e-4)
print(torch.equal(r, z.clamp(min=0)), torch.allclose(z, (y - y.mean((0, 2, 3), keepdim=True)) / (y.var((0, 2, 3), correction=0, keepdim=True) + 1e-5).sqrt(), atol=1e-5))

# A result changed behind a layer's back.
y = conv(x)
r = torch.relu(norm(y))
before = r.clone()
with torch.no_grad():
    y.zero_()
print(torch.equal(r, before), y.abs().sum())
try:
    r.sum().backward()
except RuntimeError as error:
    print(str(error).split(":")[0])
y = conv(x)
z = norm(y)
r = torch.relu(z)
with torch.no_grad():
    z.add_(1)
r.sum().backward()
print(torch.allclose(r, torch.relu(z - 1), atol=1e-6))
grads = torch.autograd.grad(torch.relu(norm(conv(x))).square().sum(), [x, conv.weight], create_graph=True)
grads[0].square().sum().backward()
print(round(conv.weight.grad.abs().sum().item(), 2) > 0)
