"""Stochastic gradient descent."""

from _optim import sgd
from torch.optim.optimizer import Optimizer, as_number, check, without_grad


class SGD(Optimizer):
    def __init__(
        self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False, foreach=None, differentiable=False,
        fused=None,
    ):
        check(as_number(lr) >= 0.0, "learning rate", lr)
        check(momentum >= 0.0, "momentum value", momentum)
        check(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov, maximize=maximize, foreach=foreach,
            differentiable=differentiable, fused=fused,
        )
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, defaults)

    @without_grad
    def step(self):
        for group in self.param_groups:
            lr = as_number(group["lr"])
            momentum = group["momentum"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                buffer = self.state[param].get("momentum_buffer") if momentum != 0 else None
                buffer = sgd(
                    param, param.grad, buffer, lr, momentum, group["dampening"], group["weight_decay"], group["nesterov"], group["maximize"]
                )
                if momentum != 0:
                    self.state[param]["momentum_buffer"] = buffer
