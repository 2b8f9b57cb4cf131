# Saving, loading, copying.
import copy
import io
import os
import tempfile
from collections import OrderedDict

import torch
import torch.nn as nn


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


torch.manual_seed(1)
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2))
state = net.state_dict()
print(type(state).__name__, list(state.keys()))
print([tuple(v.shape) for v in state.values()], state["1.num_batches_tracked"])
other = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2))
print(torch.equal(other[0].weight, net[0].weight), other.load_state_dict(state), torch.equal(other[0].weight, net[0].weight))
state["0.weight"].zero_()
print(net[0].weight.abs().sum().item(), other[0].weight.abs().sum().item() > 0)
broken = OrderedDict((k, v) for k, v in other.state_dict().items() if not k.startswith("3"))
broken["extra"] = torch.ones(1)
fails(lambda: net.load_state_dict(broken))
result = net.load_state_dict(broken, strict=False)
print(result.missing_keys, result.unexpected_keys, result)
broken = other.state_dict()
broken["0.weight"] = torch.ones(3, 3)
broken["0.bias"] = 5
fails(lambda: net.load_state_dict(broken))
fails(lambda: net.load_state_dict(3))
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt")
    torch.save(other.state_dict(), path)
    loaded = torch.load(path)
    print(type(loaded).__name__, list(loaded) == list(other.state_dict()), torch.equal(loaded["0.weight"], other[0].weight))
    print(net.load_state_dict(torch.load(path, map_location="cpu")), torch.equal(net[3].weight, other[3].weight))
    checkpoint = {"epoch": 3, "loss": 0.25, "name": "run", "tensors": [torch.arange(3), (torch.ones(1), None, True)], "size": torch.Size([1, 2])}
    torch.save(checkpoint, path)
    again = torch.load(path, weights_only=True)
    print(again)
    try:
        torch.load(os.path.join(folder, "absent.pt"))
    except FileNotFoundError as error:
        print(error.errno, os.path.basename(error.filename))
# The versions of modules travel with a state dict.
buffer = io.BytesIO()
torch.save(net.state_dict(), buffer)
buffer.seek(0)
loaded = torch.load(buffer)
print(dict(loaded._metadata), loaded._metadata == net.state_dict()._metadata)
buffer = io.BytesIO()
torch.save(OrderedDict(a=1), buffer)
buffer.seek(0)
print(hasattr(torch.load(buffer), "_metadata"))
buffer = io.BytesIO()
shared = torch.arange(4.0)
torch.save({"a": shared, "b": shared[1:3], "p": nn.Parameter(torch.ones(2))}, buffer)
buffer.seek(0)
back = torch.load(buffer)
back["a"][1] = 50
print(back["b"], type(back["p"]).__name__, back["p"].requires_grad)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
net(torch.randn(2, 1, 4, 4)).sum().backward()
optimizer.step()
saved = optimizer.state_dict()
print(list(saved), saved["param_groups"][0]["params"], sorted(saved["state"][0]), saved["state"][0]["step"], saved["param_groups"][0]["betas"])
fresh = torch.optim.Adam(other.parameters(), lr=0.5)
fresh.load_state_dict(saved)
print(fresh.param_groups[0]["lr"], torch.equal(fresh.state[other[0].weight]["exp_avg"], optimizer.state[net[0].weight]["exp_avg"]))
buffer = io.BytesIO()
torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict()}, buffer)
buffer.seek(0)
whole = torch.load(buffer)
fresh.load_state_dict(whole["optimizer"])
print(fresh.state_dict()["state"][3]["exp_avg_sq"].shape, len(whole["model"]))
clone = copy.deepcopy(net)
print(torch.equal(clone[0].weight, net[0].weight), clone[0].weight is net[0].weight, clone[0].weight.grad is not None)
t = torch.tensor([1.0, 2.0], requires_grad=True)
u = copy.deepcopy(t)
print(u, u is t, u.requires_grad)
fails(lambda: copy.deepcopy(t * 2))
pair = copy.deepcopy([t, t])
print(pair[0] is pair[1])


class WithExtra(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = 1

    def get_extra_state(self):
        return {"value": self.value}

    def set_extra_state(self, state):
        self.value = state["value"]


e = WithExtra()
e.value = 7
f = WithExtra()
f.load_state_dict(e.state_dict())
print(f.value, e.state_dict())
