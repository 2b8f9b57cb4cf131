"""Adam."""

from _optim import adam
from _torch import tensor, zeros_like
from torch.optim.optimizer import Optimizer, as_number, check, without_grad


class Adam(Optimizer):
    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, foreach=None, maximize=False, capturable=False,
        differentiable=False, fused=None, decoupled_weight_decay=False,
    ):
        check(as_number(lr) >= 0.0, "learning rate", lr)
        check(eps >= 0.0, "epsilon value", eps)
        check(0.0 <= betas[0] < 1.0, "beta parameter at index 0", betas[0])
        check(0.0 <= betas[1] < 1.0, "beta parameter at index 1", betas[1])
        check(weight_decay >= 0.0, "weight_decay value", weight_decay)
        defaults = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize, foreach=foreach, capturable=capturable,
            differentiable=differentiable, fused=fused, decoupled_weight_decay=decoupled_weight_decay,
        )
        super().__init__(params, defaults)

    @without_grad
    def step(self):
        for group in self.param_groups:
            lr = as_number(group["lr"])
            beta1, beta2 = group["betas"]
            for param in group["params"]:
                grad = param.grad
                if grad is None:
                    continue
                state = self.state[param]
                if len(state) == 0:
                    state["step"] = tensor(0.0)
                    state["exp_avg"] = zeros_like(param)
                    state["exp_avg_sq"] = zeros_like(param)
                    if group["amsgrad"]:
                        state["max_exp_avg_sq"] = zeros_like(param)
                state["step"] += 1
                adam(
                    param, grad, state["exp_avg"], state["exp_avg_sq"], state.get("max_exp_avg_sq"), int(state["step"]), lr, as_number(beta1),
                    as_number(beta2), group["weight_decay"], group["eps"], group["maximize"], group["decoupled_weight_decay"],
                )
