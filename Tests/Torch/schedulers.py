# Twenty steps of every schedule.
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")


def make(momentum=0.9):
    p = torch.nn.Parameter(torch.zeros(1))
    q = torch.nn.Parameter(torch.zeros(1))
    return torch.optim.SGD([{"params": [p]}, {"params": [q], "lr": 0.2}], lr=1.0, momentum=momentum)


cases = {
    "step": lambda o: s.StepLR(o, 4, 0.5), "multistep": lambda o: s.MultiStepLR(o, [3, 8, 8], 0.1), "exponential": lambda o: s.ExponentialLR(o, 0.9),
    "cosine": lambda o: s.CosineAnnealingLR(o, 7, 0.01), "restarts": lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.05),
    "lambda": lambda o: s.LambdaLR(o, lambda e: 0.95 ** e), "lambdas": lambda o: s.LambdaLR(o, [lambda e: 1 / (e + 1), lambda e: e]),
    "multiplicative": lambda o: s.MultiplicativeLR(o, lambda e: 0.9), "constant": lambda o: s.ConstantLR(o, 0.5, 4), "linear": lambda o: s.LinearLR(o, 0.1, 1.0, 8),
    "polynomial": lambda o: s.PolynomialLR(o, 10, 2.0), "onecycle": lambda o: s.OneCycleLR(o, 0.5, total_steps=21),
    "onecycle3": lambda o: s.OneCycleLR(o, [0.5, 0.3], epochs=7, steps_per_epoch=3, three_phase=True, anneal_strategy="linear"),
    "cyclic": lambda o: s.CyclicLR(o, 0.1, 1.0, 4), "cyclic2": lambda o: s.CyclicLR(o, 0.1, 1.0, 3, 5, mode="triangular2"),
    "sequential": lambda o: s.SequentialLR(o, [s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9)], [5]),
    "chained": lambda o: s.ChainedScheduler([s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9)]),
}
for name, build in cases.items():
    optimizer = make()
    scheduler = build(optimizer)
    rates = []
    for _ in range(20):
        rates.append(["%.9f" % group["lr"] for group in optimizer.param_groups] + ["%.6f" % optimizer.param_groups[0]["momentum"]])
        optimizer.step()
        scheduler.step()
    print(name, rates, ["%.9f" % r for r in scheduler.get_last_lr()])
optimizer = make()
plateau = s.ReduceLROnPlateau(optimizer, "min", 0.5, patience=2, cooldown=1)
for loss in [5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, torch.tensor(2.0), 2, 2]:
    plateau.step(loss)
    print(optimizer.param_groups[0]["lr"], plateau.num_bad_epochs, plateau.best, end="; ")
print()
optimizer = make()
a = s.StepLR(optimizer, 2, 0.1)
for _ in range(3):
    optimizer.step()
    a.step()
state = a.state_dict()
print({k: state[k] for k in ["step_size", "gamma", "base_lrs", "last_epoch", "_last_lr"]})
b = s.StepLR(make(), 5, 0.9)
b.load_state_dict(state)
print(b.last_epoch, b.step_size, b.get_last_lr())
print(optimizer)
for f in [lambda: s.StepLR(3, 1), lambda: s.OneCycleLR(make(), 0.1), lambda: s.LambdaLR(make(), [lambda e: 1]), lambda: s.ReduceLROnPlateau(make(), factor=2.0)]:
    try:
        f()
    except Exception as error:
        print(type(error).__name__, error)
