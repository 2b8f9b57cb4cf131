"""The base of optimizers: groups of parameters as live dicts, state by parameter."""

import functools
from collections import OrderedDict, defaultdict
from copy import deepcopy

from _torch import Parameter, Tensor, _set_grad_enabled, is_grad_enabled, is_tensor, tensor
from torch.utils.hooks import RemovableHandle


class _Required:
    def __repr__(self):
        return "<required parameter>"


required = _Required()


def _observed(step):
    """Runs the hooks around a step and notes for schedulers that it ran."""

    @functools.wraps(step)
    def wrapper(self, *args, **kwargs):
        for hook in list(self._optimizer_step_pre_hooks.values()):
            result = hook(self, args, kwargs)
            if result is not None:
                args, kwargs = result
        self._opt_called = True
        out = step(self, *args, **kwargs)
        for hook in list(self._optimizer_step_post_hooks.values()):
            hook(self, args, kwargs)
        return out

    return wrapper


class Optimizer:
    """Subclasses define `step`; `defaults` fills the options that groups leave out."""

    def __init__(self, params, defaults):
        self.defaults = defaults
        self._optimizer_step_pre_hooks = OrderedDict()
        self._optimizer_step_post_hooks = OrderedDict()
        if isinstance(params, Tensor):
            raise TypeError("params argument given to the optimizer should be an iterable of Tensors or dicts, but got " + params.type())
        self.state = defaultdict(dict)
        self.param_groups = []
        param_groups = list(params)
        if len(param_groups) == 0:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(param_groups[0], dict):
            param_groups = [{"params": param_groups}]
        for group in param_groups:
            self.add_param_group(dict(group))

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        step = cls.__dict__.get("step")
        if step is not None:
            cls.step = _observed(step)

    def __repr__(self):
        text = self.__class__.__name__ + " ("
        for index, group in enumerate(self.param_groups):
            text += "\n"
            text += f"Parameter Group {index}\n"
            for key in sorted(group.keys()):
                if key != "params":
                    text += f"    {key}: {group[key]}\n"
        return text + ")"

    def register_step_pre_hook(self, hook):
        handle = RemovableHandle(self._optimizer_step_pre_hooks)
        self._optimizer_step_pre_hooks[handle.id] = hook
        return handle

    def register_step_post_hook(self, hook):
        handle = RemovableHandle(self._optimizer_step_post_hooks)
        self._optimizer_step_post_hooks[handle.id] = hook
        return handle

    def add_param_group(self, param_group):
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, Tensor):
            param_group["params"] = [params]
        elif isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will change between runs. "
                "Please use a list instead."
            )
        else:
            param_group["params"] = list(params)
        named = []
        names = []
        for param in param_group["params"]:
            if isinstance(param, tuple):
                names.append(param[0])
                param = param[1]
            named.append(param)
        if names:
            if len(names) != len(named):
                raise ValueError("all optimizer params should be with/without names. Some param names are missing")
            param_group["param_names"] = names
        param_group["params"] = named
        for param in named:
            if not isinstance(param, Tensor):
                raise TypeError("optimizer can only optimize Tensors, but one of the params is " + _typename(param))
            if not self.defaults.get("differentiable", None) and not (param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            param_group.setdefault(name, default)
        if len(named) != len(set(named)):
            import warnings

            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; "
                "see github.com/pytorch/pytorch/issues/40967 for more information",
                stacklevel=3,
            )
        known = set()
        for group in self.param_groups:
            known.update(set(group["params"]))
        if not known.isdisjoint(set(named)):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none=True):
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is not None:
                    if set_to_none:
                        param.grad = None
                    else:
                        if param.grad.grad_fn is not None:
                            param.grad.detach_()
                        else:
                            param.grad.requires_grad_(False)
                        param.grad.zero_()

    def step(self, closure=None):
        raise NotImplementedError

    def state_dict(self):
        """State by the number of the parameter, and groups with numbers in the place of parameters."""
        numbers = {}
        groups = []
        for group in self.param_groups:
            packed = {key: value for key, value in group.items() if key != "params"}
            for param in group["params"]:
                if param not in numbers:
                    numbers[param] = len(numbers)
            packed["params"] = [numbers[param] for param in group["params"]]
            groups.append(packed)
        state = {(numbers[key] if isinstance(key, Tensor) else key): value for key, value in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict):
        state_dict = {"state": state_dict["state"], "param_groups": deepcopy(state_dict["param_groups"])}
        groups = self.param_groups
        saved_groups = state_dict["param_groups"]
        if len(groups) != len(saved_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(group["params"]) != len(saved["params"]) for group, saved in zip(groups, saved_groups)):
            raise ValueError("loaded state dict contains a parameter group that doesn't match the size of optimizer's group")
        params = {}
        for group, saved in zip(groups, saved_groups):
            for number, param in zip(saved["params"], group["params"]):
                params[number] = param

        def adapted(param, value, key=None):
            if isinstance(value, Tensor):
                if key == "step":
                    return value.clone().to(dtype=value.dtype)
                return value.to(dtype=param.dtype, copy=True) if param.is_floating_point() else value.clone()
            if isinstance(value, dict):
                return {k: adapted(param, v, k) for k, v in value.items()}
            if isinstance(value, (list, tuple)):
                return type(value)(adapted(param, v) for v in value)
            return value

        state = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in params:
                state[params[key]] = adapted(params[key], value)
            else:
                state[key] = value
        for group, saved in zip(groups, saved_groups):
            saved["params"] = group["params"]
        self.state = state
        # Schedulers and programs may hold the group dicts: keep them and change their content.
        for group, saved in zip(groups, saved_groups):
            for key in list(group):
                if key not in saved:
                    del group[key]
            group.update(saved)

    def __deepcopy__(self, memo):
        new = self.__class__.__new__(self.__class__)
        memo[id(self)] = new
        new.defaults = deepcopy(self.defaults, memo)
        new._optimizer_step_pre_hooks = OrderedDict(self._optimizer_step_pre_hooks)
        new._optimizer_step_post_hooks = OrderedDict(self._optimizer_step_post_hooks)
        new.state = defaultdict(dict)
        for key, value in self.state.items():
            new.state[deepcopy(key, memo)] = deepcopy(value, memo)
        new.param_groups = [{key: deepcopy(value, memo) for key, value in group.items()} for group in self.param_groups]
        return new


def _typename(value):
    cls = type(value)
    return cls.__qualname__ if cls.__module__ == "builtins" else cls.__module__ + "." + cls.__qualname__


def without_grad(step):
    """Runs a `step` without recording; a closure given to it records."""

    @functools.wraps(step)
    def wrapped(self, closure=None):
        loss = None
        previous = is_grad_enabled()
        if closure is not None:
            _set_grad_enabled(True)
            try:
                loss = closure()
            finally:
                _set_grad_enabled(previous)
        _set_grad_enabled(False)
        try:
            step(self)
        finally:
            _set_grad_enabled(previous)
        return loss

    return wrapped


def as_number(value):
    """A rate that may be a tensor of one element."""
    return value.item() if is_tensor(value) else value


def check(condition, name, value):
    if not condition:
        raise ValueError(f"Invalid {name}: {value}")
