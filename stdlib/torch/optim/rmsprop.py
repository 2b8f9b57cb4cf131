"""RMSprop."""

from _optim import rmsprop
from _torch import tensor, zeros_like
from torch.optim.optimizer import Optimizer, as_number, check, without_grad


class RMSprop(Optimizer):
    def __init__(
        self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False, capturable=False, foreach=None, maximize=False,
        differentiable=False,
    ):
        check(as_number(lr) >= 0.0, "learning rate", lr)
        check(eps >= 0.0, "epsilon value", eps)
        check(momentum >= 0.0, "momentum value", momentum)
        check(weight_decay >= 0.0, "weight_decay value", weight_decay)
        check(alpha >= 0.0, "alpha value", alpha)
        defaults = dict(
            lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered, weight_decay=weight_decay, capturable=capturable, foreach=foreach,
            maximize=maximize, differentiable=differentiable,
        )
        super().__init__(params, defaults)

    @without_grad
    def step(self):
        for group in self.param_groups:
            lr = as_number(group["lr"])
            for param in group["params"]:
                if param.grad is None:
                    continue
                state = self.state[param]
                if len(state) == 0:
                    state["step"] = tensor(0.0)
                    state["square_avg"] = zeros_like(param)
                    if group["momentum"] > 0:
                        state["momentum_buffer"] = zeros_like(param)
                    if group["centered"]:
                        state["grad_avg"] = zeros_like(param)
                state["step"] += 1
                rmsprop(
                    param, param.grad, state["square_avg"], state.get("grad_avg"), state.get("momentum_buffer"), lr, group["alpha"], group["eps"],
                    group["weight_decay"], group["momentum"], group["maximize"],
                )
