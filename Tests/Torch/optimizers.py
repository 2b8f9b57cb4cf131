# Twenty steps, groups as live dicts, closures, errors.
import torch
import torch.nn as nn


def fails(f):
    try:
        print("no error:", f())
    except Exception as error:
        print(type(error).__name__ + ":", error)


def problem():
    torch.manual_seed(3)
    w = nn.Parameter(torch.randn(3, 2))
    b = nn.Parameter(torch.zeros(2))
    return w, b


cases = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1), "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01), "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.1, amsgrad=True, weight_decay=0.1), "adamw": lambda p: torch.optim.AdamW(p, lr=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01), "centered": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9, centered=True),
    "maximize": lambda p: torch.optim.Adam(p, lr=0.01, maximize=True),
}
for name, build in cases.items():
    w, b = problem()
    optimizer = build([w, b])
    x = torch.linspace(-1, 1, 12).reshape(4, 3)
    target = torch.ones(4, 2)
    for _ in range(20):
        optimizer.zero_grad()
        loss = ((x @ w + b - target) ** 2).mean()
        loss.backward()
        optimizer.step()
    print(name, ["%.4f" % v for v in w.flatten().tolist()], ["%.4f" % v for v in b.tolist()], w.grad is not None)
w, b = problem()
optimizer = torch.optim.SGD([{"params": [w], "lr": 0.5}, {"params": b, "weight_decay": 0.1}], lr=0.1, momentum=0.9)
print(optimizer)
print(len(optimizer.param_groups), optimizer.param_groups[0]["params"][0] is w, sorted(optimizer.param_groups[1]))
optimizer.param_groups[0]["lr"] = 0.0
before = w.clone()
(w.sum() + b.sum()).backward()
optimizer.step()
print(torch.equal(before, w), b, list(optimizer.state[b]), optimizer.state[b]["momentum_buffer"])
for group in optimizer.param_groups:
    group["lr"] *= 0.1
print([group["lr"] for group in optimizer.param_groups], optimizer.defaults["lr"])
optimizer.zero_grad(set_to_none=False)
print(w.grad)
optimizer.zero_grad()
print(w.grad)
c = nn.Parameter(torch.ones(1))
optimizer.add_param_group({"params": [c], "lr": 3})
print(len(optimizer.param_groups), optimizer.param_groups[2]["momentum"])


def closure():
    optimizer.zero_grad()
    loss = (c * 2).sum()
    loss.backward()
    return loss


print(optimizer.step(closure), c)
fails(lambda: torch.optim.SGD([], lr=0.1))
fails(lambda: torch.optim.SGD(w, lr=0.1))
fails(lambda: torch.optim.SGD([1], lr=0.1))
fails(lambda: torch.optim.SGD([w * 2], lr=0.1))
fails(lambda: torch.optim.SGD([w], lr=-1))
fails(lambda: torch.optim.SGD([w], lr=0.1, nesterov=True))
fails(lambda: torch.optim.Adam([w], betas=(1.5, 0.9)))
fails(lambda: optimizer.add_param_group({"params": [w]}))
fails(lambda: torch.optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1))
fails(lambda: torch.optim.Foo)


class Sign(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state[p]
                    state["count"] = state.get("count", 0) + 1
                    p.add_(p.grad.sign(), alpha=-group["lr"])


v = nn.Parameter(torch.tensor([1.0, -1.0]))
sign = Sign([v], lr=0.25)
for _ in range(2):
    sign.zero_grad()
    (v ** 2).sum().backward()
    sign.step()
print(v, sign.state[v], sign)
scheduler = torch.optim.lr_scheduler.StepLR(sign, 1, 0.5)
sign.step()
scheduler.step()
print(sign.param_groups[0]["lr"])
net = nn.Linear(2, 2)
net(torch.ones(1, 2)).pow(2).sum().mul(100).backward()
total = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
print(total > 1, "%.3f" % torch.stack([p.grad.norm() for p in net.parameters()]).norm())
nn.utils.clip_grad_value_(net.parameters(), 0.1)
print(max(p.grad.abs().max().item() for p in net.parameters()) <= 0.1 + 1e-6)
vector = nn.utils.parameters_to_vector(net.parameters())
print(vector.shape)
nn.utils.vector_to_parameters(torch.arange(6.0), net.parameters())
print(net.weight, net.bias)
