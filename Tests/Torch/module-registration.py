# How attributes become parameters, buffers and children.
import copy

import torch
import torch.nn as nn


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.linear = nn.Linear(width, width)
        self.scale = nn.Parameter(torch.ones(width))
        self.register_buffer("steps", torch.zeros(1))
        self.register_buffer("scratch", torch.zeros(2), persistent=False)
        self.register_parameter("missing", None)

    def forward(self, x):
        return self.linear(x) * self.scale

    def extra_repr(self):
        return f"width={self.width}"


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(2), Block(2)])
        self.heads = nn.ModuleDict({"a": nn.Linear(2, 1), "b": nn.Identity()})
        self.rest = nn.Sequential(nn.ReLU(), nn.Dropout(0.25))
        self.nothing = None

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.heads["a"](self.rest(x))


model = Model()
print(model)
print([name for name, _ in model.named_parameters()])
print([name for name, _ in model.named_buffers()])
print([name for name, _ in model.named_modules()])
print([name for name, _ in model.named_children()])
print(list(model.state_dict().keys()))
print(len(list(model.modules())), len(list(model.children())), sum(1 for _ in model.parameters()))
block = model.blocks[0]
print(block.missing, block.width, block.steps, block.linear.weight is block.linear.weight, block.scale is next(iter(block._parameters.values())))
print(isinstance(block.scale, nn.Parameter), isinstance(block.scale, torch.Tensor), type(block.scale).__name__, block.scale)
block.scale = nn.Parameter(torch.zeros(2))
block.steps = torch.ones(1)
block.extra = nn.Parameter(torch.ones(1))
block.linear = nn.Linear(2, 2, bias=False)
print([name for name, _ in block.named_parameters()], block.steps, block.linear)
block.tensor = torch.ones(3)
print([name for name, _ in block.named_buffers()])
del block.extra
print(hasattr(block, "extra"), hasattr(block, "scale"), "linear" in dict(block.named_children()))
fails(lambda: block.unknown)
fails(lambda: setattr(block, "scale", 3))
fails(lambda: setattr(block, "scale", torch.ones(2)))
fails(lambda: setattr(block, "linear", 3))
fails(lambda: setattr(block, "steps", "a"))
fails(lambda: block.register_buffer("width", torch.ones(1)))
fails(lambda: block.register_buffer("a.b", torch.ones(1)))
fails(lambda: block.register_parameter("p", torch.ones(1)))
fails(lambda: block.add_module("m", 3))
fails(lambda: block.add_module("", nn.ReLU()))
fails(lambda: nn.Module()(1))
fails(lambda: model.blocks[5])
fails(lambda: model.heads["zzz"])


class Forgot(nn.Module):
    def __init__(self):
        self.linear = nn.Linear(1, 1)


fails(Forgot)


class Forgot2(nn.Module):
    def __init__(self):
        self.p = nn.Parameter(torch.ones(1))


fails(Forgot2)
model.train()
print(model.training, model.rest[1].training, model.eval() is model, model.rest[1].training, model.blocks[1].linear.training)
model.apply(lambda m: print("apply", m.__class__.__name__))
print(model.get_submodule("blocks.1.linear"), model.get_parameter("blocks.1.scale").shape)
fails(lambda: model.get_submodule("blocks.7"))
model.requires_grad_(False)
print(any(p.requires_grad for p in model.parameters()))
model.requires_grad_(True)
model.double()
print(next(model.parameters()).dtype, model.blocks[0].steps.dtype)
model.to(torch.float32)
print(next(model.parameters()).dtype)
other = copy.deepcopy(model)
print(other.blocks[0] is model.blocks[0], other.blocks[0].width, torch.equal(other.blocks[1].scale, model.blocks[1].scale), other.training)
other.blocks[1].scale.data.fill_(9)
print(model.blocks[1].scale.data, other.blocks[1].scale.data)
shared = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
shared.append(shared[0])
print(len(list(shared.parameters())), len(list(shared.named_modules())), list(shared.state_dict()))
twin = copy.deepcopy(shared)
print(twin[0] is twin[2], twin[0] is shared[0])
s = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1))
print(len(s), s[-1], s[0:2], [type(m).__name__ for m in s])
s[1] = nn.ReLU()
s.insert(1, nn.Identity())
s.extend([nn.Sigmoid()])
print(s)
del s[0]
print(s, s.pop(0))
from collections import OrderedDict

named = nn.Sequential(OrderedDict([("first", nn.Linear(1, 1)), ("second", nn.ReLU())]))
print(named, named.first, named[0] is named.first)
ml = nn.ModuleList([nn.Linear(1, 1) for _ in range(3)])
ml.append(nn.ReLU())
ml += [nn.Tanh()]
ml[0] = nn.Identity()
print(ml, len(ml), ml[1:3], ml[-1])
md = nn.ModuleDict([["conv", nn.Conv2d(1, 1, 1)], ["pool", nn.MaxPool2d(2)]])
md["act"] = nn.ReLU()
print(md, list(md.keys()), "act" in md, len(md), [k for k, _ in md.items()])
pl = nn.ParameterList([nn.Parameter(torch.zeros(2)) for _ in range(2)])
pl.append(torch.ones(1))
print(pl, len(pl), [n for n, _ in pl.named_parameters()], pl[0])
print(nn.Module(), nn.Module().extra_repr() == "", list(nn.Module().parameters()))
d = {model.blocks[0]: 1, block.scale: 2}
print(d[model.blocks[0]], d[block.scale], id(model.blocks[0]) == id(model.blocks[0]))
