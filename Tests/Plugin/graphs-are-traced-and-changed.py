"""torch.fx: tracing a forward function, reading, running and changing its graph."""

import torch
import torch.fx
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(4, 2))
        self.shift = nn.Parameter(torch.ones(4))

    def forward(self, x, factor: float = 2.0):
        y = self.first(x) * factor + self.shift
        y = F.relu(y).reshape(x.size(0), -1)
        return self.rest(y)[:, 0], torch.cat([y, y], dim=1).mean(1)


torch.manual_seed(0)
net = Net()
traced = torch.fx.symbolic_trace(net)
print(traced.graph)
print(traced.code)
x = torch.randn(3, 4)
for a, b in zip(net(x), traced(x)):
    print(torch.equal(a, b))
for a, b in zip(net(x, 3.0), traced(x, 3.0)):
    print(torch.equal(a, b))
print(traced.first is net.first, isinstance(traced, torch.fx.GraphModule), isinstance(traced, nn.Module))
traced.graph.print_tabular()
nodes = {node.name: node for node in traced.graph.nodes}
print([user.name for user in nodes["relu"].users], nodes["relu"].op, nodes["relu"].args[0] == nodes["add"])
try:
    traced.graph.erase_node(nodes["relu"])
except RuntimeError as error:
    print(error)
nodes["relu"].replace_all_uses_with(nodes["add"])
traced.graph.erase_node(nodes["relu"])
traced.graph.lint()
traced.recompile()
print("relu" in traced.code, torch.equal(traced(x)[1], net(x)[1]))


class Sized(nn.Module):
    def forward(self, x):
        if len(x) > 1:
            return x
        return x + 1


for module in (Sized(),):
    try:
        torch.fx.symbolic_trace(module)
    except RuntimeError as error:
        print(type(error).__name__, error)
