"""`nn.Module`: names, states, hooks. Attributes, calls and storage are native (`_nn._ModuleBase`)."""

from collections import OrderedDict, namedtuple
from collections.abc import MutableMapping

from _nn import _ModuleBase
from _torch import Parameter, is_tensor
from torch.nn.modules._entries import Entries

_IncompatibleKeysBase = namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])


class _IncompatibleKeys(_IncompatibleKeysBase):
    """What `load_state_dict` returns."""

    def __repr__(self):
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return super().__repr__()

    __str__ = __repr__


def _indented(text, spaces):
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    return "\n".join(lines[:1] + [" " * spaces + line for line in lines[1:]])


class Module(_ModuleBase):
    """The base of layers and models: parameters, buffers and child modules by name, and a forward function."""

    dump_patches = False
    _version = 1
    call_super_init = False

    # Registries

    @property
    def _parameters(self):
        return Entries(self, "parameter")

    @property
    def _buffers(self):
        return Entries(self, "buffer")

    @property
    def _modules(self):
        return Entries(self, "module")

    def _check_new(self, kind, name, present):
        if not self._is_initialized:
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {type(name).__name__}")
        if "." in name:
            got = f", got: {name}" if kind == "module" else ""
            raise KeyError(f"{kind} name can't contain \".\"{got}")
        if name == "":
            raise KeyError(f"{kind} name can't be empty string \"\"")
        if not present and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")

    def register_parameter(self, name, param):
        self._check_new("parameter", name, isinstance(name, str) and name in self._parameters)
        if param is not None and not isinstance(param, Parameter):
            shown = param.type() if is_tensor(param) else type(param).__name__
            raise TypeError(f"cannot assign '{shown}' object to parameter '{name}' (torch.nn.Parameter or None required)")
        if param is not None and param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. To express '{name}' as a function "
                "of another Tensor, compute the value in the forward() method."
            )
        self._set_entry("parameter", name, param)

    def register_buffer(self, name, tensor, persistent=True):
        self._check_new("buffer", name, isinstance(name, str) and name in self._buffers)
        if tensor is not None and not is_tensor(tensor):
            raise TypeError(f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' (torch Tensor or None required)")
        self._set_entry("buffer", name, tensor, persistent)

    def add_module(self, name, module):
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{type(module).__name__} is not a Module subclass")
        self._check_new("module", name, isinstance(name, str) and name in self._modules)
        self._set_entry("module", name, module)

    def register_module(self, name, module):
        self.add_module(name, module)

    # Lookups by path

    def get_submodule(self, target):
        module = self
        if target == "":
            return module
        for name in target.split("."):
            if not hasattr(module, name):
                raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return module

    def set_submodule(self, target, module, strict=False):
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        path, _, name = target.rpartition(".")
        setattr(self.get_submodule(path), name, module)

    def get_parameter(self, target):
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        param = getattr(module, name)
        if not isinstance(param, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return param

    def get_buffer(self, target):
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return getattr(module, name)

    def get_extra_state(self):
        raise RuntimeError(
            "Reached a code path in Module.get_extra_state() that should never be called. Please file an issue at "
            "https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug."
        )

    def set_extra_state(self, state):
        raise RuntimeError("Module.set_extra_state() must be defined beside get_extra_state()")

    # Traversal

    def named_modules(self, memo=None, prefix="", remove_duplicate=True):
        if memo is None:
            memo = set()
        if self not in memo:
            if remove_duplicate:
                memo.add(self)
            yield prefix, self
            for name, module in self._entry_items("module"):
                if module is None:
                    continue
                yield from module.named_modules(memo, prefix + ("." if prefix else "") + name, remove_duplicate)

    def modules(self, remove_duplicate=True):
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self):
        memo = set()
        for name, module in self._entry_items("module"):
            if module is not None and module not in memo:
                memo.add(module)
                yield name, module

    def children(self):
        for _, module in self.named_children():
            yield module

    def _named_members(self, kind, prefix, recurse, remove_duplicate):
        memo = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, value in module._entry_items(kind):
                if value is None or value in memo:
                    continue
                if remove_duplicate:
                    memo.add(value)
                yield path + ("." if path else "") + name, value

    def named_parameters(self, prefix="", recurse=True, remove_duplicate=True):
        yield from self._named_members("parameter", prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        for _, param in self._named_members("parameter", "", recurse, True):
            yield param

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True):
        yield from self._named_members("buffer", prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        for _, buffer in self._named_members("buffer", "", recurse, True):
            yield buffer

    # State

    def state_dict(self, *args, destination=None, prefix="", keep_vars=False):
        if len(args) > 0:
            destination = args[0] if destination is None else destination
            if len(args) > 1 and prefix == "":
                prefix = args[1]
            if len(args) > 2 and keep_vars is False:
                keep_vars = args[2]
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = dict(version=self._version)
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = local_metadata
        for hook in self._hooks("_state_dict_pre_hooks"):
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._entry_items("module"):
            if module is not None:
                module.state_dict(destination=destination, prefix=prefix + name + ".", keep_vars=keep_vars)
        for hook in self._hooks("_state_dict_hooks"):
            result = hook(self, destination, prefix, local_metadata)
            if result is not None:
                destination = result
        return destination

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        for name, param in self._entry_items("parameter"):
            if param is not None:
                destination[prefix + name] = param if keep_vars else param.detach()
        transient = self._non_persistent_buffers_set
        for name, buffer in self._entry_items("buffer"):
            if buffer is not None and name not in transient:
                destination[prefix + name] = buffer if keep_vars else buffer.detach()
        if getattr(self.__class__, "get_extra_state", Module.get_extra_state) is not Module.get_extra_state:
            destination[prefix + "_extra_state"] = self.get_extra_state()

    def load_state_dict(self, state_dict, strict=True, assign=False):
        if not isinstance(state_dict, (dict, MutableMapping)):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        missing_keys = []
        unexpected_keys = []
        error_msgs = []
        metadata = getattr(state_dict, "_metadata", None)
        state_dict = OrderedDict(state_dict)

        def load(module, local_state_dict, prefix=""):
            local_metadata = {} if metadata is None else metadata.get(prefix[:-1], {})
            if assign:
                local_metadata["assign_to_params_buffers"] = assign
            module._load_from_state_dict(local_state_dict, prefix, local_metadata, True, missing_keys, unexpected_keys, error_msgs)
            for name, child in module._entry_items("module"):
                if child is not None:
                    child_prefix = prefix + name + "."
                    load(child, {k: v for k, v in local_state_dict.items() if k.startswith(child_prefix)}, child_prefix)
            incompatible = _IncompatibleKeys(missing_keys, unexpected_keys)
            for hook in module._hooks("_load_state_dict_post_hooks"):
                if hook(module, incompatible) is not None:
                    raise AssertionError(
                        "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, if "
                        "incompatible_keys need to be modified, it should be done inplace."
                    )

        load(self, state_dict)
        if strict:
            if len(unexpected_keys) > 0:
                listed = ", ".join(f'"{k}"' for k in unexpected_keys)
                error_msgs.insert(0, f"Unexpected key(s) in state_dict: {listed}. ")
            if len(missing_keys) > 0:
                listed = ", ".join(f'"{k}"' for k in missing_keys)
                error_msgs.insert(0, f"Missing key(s) in state_dict: {listed}. ")
        if len(error_msgs) > 0:
            listed = "\n\t".join(error_msgs)
            raise RuntimeError(f"Error(s) in loading state_dict for {self.__class__.__name__}:\n\t{listed}")
        return _IncompatibleKeys(missing_keys, unexpected_keys)

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        from torch.autograd.grad_mode import no_grad

        for hook in self._hooks("_load_state_dict_pre_hooks"):
            hook(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        transient = self._non_persistent_buffers_set
        local = [("parameter", name, value) for name, value in self._entry_items("parameter") if value is not None]
        local += [("buffer", name, value) for name, value in self._entry_items("buffer") if value is not None and name not in transient]
        for kind, name, value in local:
            key = prefix + name
            if key not in state_dict:
                if strict:
                    missing_keys.append(key)
                continue
            source = state_dict[key]
            if not is_tensor(source):
                error_msgs.append(
                    f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from checkpoint but received {type(source)}'
                )
                continue
            if value.dim() == 0 and source.dim() == 1 and source.shape[0] == 1:
                source = source[0]
            self._will_load(name, source)
            if source.shape != value.shape:
                error_msgs.append(
                    f"size mismatch for {key}: copying a param with shape {source.shape} from checkpoint, the shape in current model is {value.shape}."
                )
                continue
            if local_metadata.get("assign_to_params_buffers", False):
                if kind == "parameter" and not isinstance(source, Parameter):
                    source = Parameter(source, requires_grad=value.requires_grad)
                self._set_entry(kind, name, source)
                continue
            with no_grad():
                value.copy_(source)
        self._did_load()
        extra_key = prefix + "_extra_state"
        if getattr(self.__class__, "set_extra_state", Module.set_extra_state) is not Module.set_extra_state:
            if extra_key in state_dict:
                self.set_extra_state(state_dict[extra_key])
            elif strict:
                missing_keys.append(extra_key)
        elif strict and extra_key in state_dict:
            unexpected_keys.append(extra_key)
        if strict:
            children = self._entry_names("module")
            own = [name for _, name, _ in local]
            for key in state_dict:
                if key.startswith(prefix) and key != extra_key:
                    name = key[len(prefix):].split(".", 1)
                    if len(name) > 1:
                        if name[0] not in children:
                            unexpected_keys.append(key)
                    elif name[0] not in own:
                        unexpected_keys.append(key)

    # Modes and conversions

    def train(self, mode=True):
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        for param in self.parameters():
            if param.grad is not None:
                if set_to_none:
                    param.grad = None
                else:
                    if param.grad.grad_fn is not None:
                        param.grad.detach_()
                    else:
                        param.grad.requires_grad_(False)
                    param.grad.zero_()

    def apply(self, fn):
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def _apply(self, fn, recurse=True):
        """Replaces the values of parameters, gradients and buffers by what `fn` makes of them; parameters keep their identity."""
        from torch.autograd.grad_mode import no_grad

        if recurse:
            for module in self.children():
                module._apply(fn)
        for name, param in self._entry_items("parameter"):
            if param is None:
                continue
            with no_grad():
                changed = fn(param)
            if changed is not param:
                param.data = changed.detach()
            if param.grad is not None:
                with no_grad():
                    changed = fn(param.grad)
                if changed is not param.grad:
                    param.grad = None
                    param.grad = changed
        for name, buffer in self._entry_items("buffer"):
            if buffer is not None:
                changed = fn(buffer)
                if changed is not buffer:
                    setattr(self, name, changed)
        return self

    def to(self, *args, **kwargs):
        """Moves to a dtype (floating point values only) or a device, as `tensor.to` reads its arguments."""
        import torch

        dtype = kwargs.get("dtype")
        device = kwargs.get("device")
        for arg in args:
            if isinstance(arg, torch.dtype):
                dtype = arg
            elif is_tensor(arg):
                dtype = arg.dtype
            elif isinstance(arg, (str, torch.device)):
                device = arg
        if device is not None:
            torch.empty(0).to(device)
        if dtype is not None and not dtype.is_floating_point:
            raise TypeError(f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}")
        if dtype is None:
            return self
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)

    def float(self):
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self):
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def type(self, dst_type):
        return self._apply(lambda t: t.type(dst_type))

    def cpu(self):
        return self

    def cuda(self, device=None):
        raise AssertionError("Torch not compiled with CUDA enabled")

    def share_memory(self):
        return self

    def compile(self, *args, **kwargs):
        return None

    # Hooks

    def _hooks(self, name):
        hooks = self.__dict__.get(name)
        return () if hooks is None else list(hooks.values())

    def _register_hook(self, name, hook, prepend=False, marks_call=True):
        from torch.utils.hooks import RemovableHandle

        hooks = self.__dict__.get(name)
        if hooks is None:
            hooks = OrderedDict()
            self.__dict__[name] = hooks
        handle = RemovableHandle(hooks, on_remove=self._hooks_changed if marks_call else None)
        hooks[handle.id] = hook
        if prepend:
            hooks.move_to_end(handle.id, last=False)
        if marks_call:
            self._update_hooks(True)
        return handle

    def _hooks_changed(self):
        names = ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks", "_backward_pre_hooks")
        self._update_hooks(any(self.__dict__.get(name) for name in names))

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        return self._register_hook("_forward_pre_hooks", (hook, with_kwargs), prepend)

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        return self._register_hook("_forward_hooks", (hook, with_kwargs), prepend)

    def register_full_backward_hook(self, hook, prepend=False):
        return self._register_hook("_backward_hooks", hook, prepend)

    def register_backward_hook(self, hook):
        return self._register_hook("_backward_hooks", hook)

    def register_full_backward_pre_hook(self, hook, prepend=False):
        return self._register_hook("_backward_pre_hooks", hook, prepend)

    def register_state_dict_pre_hook(self, hook):
        return self._register_hook("_state_dict_pre_hooks", hook, marks_call=False)

    def register_state_dict_post_hook(self, hook):
        return self._register_hook("_state_dict_hooks", hook, marks_call=False)

    def _register_state_dict_hook(self, hook):
        return self._register_hook("_state_dict_hooks", hook, marks_call=False)

    def register_load_state_dict_pre_hook(self, hook):
        return self._register_hook("_load_state_dict_pre_hooks", hook, marks_call=False)

    def _register_load_state_dict_pre_hook(self, hook, with_module=False):
        if with_module:
            return self._register_hook("_load_state_dict_pre_hooks", hook, marks_call=False)
        return self._register_hook("_load_state_dict_pre_hooks", lambda module, *args: hook(*args), marks_call=False)

    def register_load_state_dict_post_hook(self, hook):
        return self._register_hook("_load_state_dict_post_hooks", hook, marks_call=False)

    def _call_with_hooks(self, args, kwargs):
        for hook, with_kwargs in self._hooks("_forward_pre_hooks"):
            if with_kwargs:
                result = hook(self, args, kwargs)
                if result is not None:
                    if not isinstance(result, tuple) or len(result) != 2:
                        raise RuntimeError(f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {result}.")
                    args, kwargs = result
            else:
                result = hook(self, args)
                if result is not None:
                    args = result if isinstance(result, tuple) else (result,)
        backward_hooks = self._hooks("_backward_hooks")
        backward_pre_hooks = self._hooks("_backward_pre_hooks")
        watch = None
        if backward_hooks or backward_pre_hooks:
            from torch.nn.modules._backward_hooks import BackwardWatch

            watch = BackwardWatch(self, backward_hooks, backward_pre_hooks)
            args = watch.inputs(args)
        result = self.forward(*args, **kwargs)
        for hook, with_kwargs in self._hooks("_forward_hooks"):
            changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            if changed is not None:
                result = changed
        if watch is not None:
            result = watch.outputs(result)
        return result

    # Copying and description

    def __deepcopy__(self, memo):
        from copy import deepcopy

        new = self._empty_copy()
        memo[id(self)] = new
        transient = self._non_persistent_buffers_set
        for name, value in self.__dict__.items():
            new.__dict__[name] = deepcopy(value, memo)
        for name, value in self._entry_items("parameter"):
            new._set_entry("parameter", name, deepcopy(value, memo))
        for name, value in self._entry_items("buffer"):
            new._set_entry("buffer", name, deepcopy(value, memo), name not in transient)
        for name, value in self._entry_items("module"):
            new._set_entry("module", name, deepcopy(value, memo))
        return new

    def __copy__(self):
        new = self._empty_copy()
        for name, value in self.__dict__.items():
            new.__dict__[name] = value
        for kind in ("parameter", "buffer", "module"):
            for name, value in self._entry_items(kind):
                new._set_entry(kind, name, value)
        return new

    def _get_name(self):
        return self.__class__.__name__

    def __repr__(self):
        extra_lines = []
        extra = self.extra_repr()
        if extra:
            extra_lines = extra.split("\n")
        child_lines = ["(" + name + "): " + _indented(repr(module), 2) for name, module in self._entry_items("module")]
        lines = extra_lines + child_lines
        main = self._get_name() + "("
        if lines:
            if len(extra_lines) == 1 and not child_lines:
                main += extra_lines[0]
            else:
                main += "\n  " + "\n  ".join(lines) + "\n"
        return main + ")"

    def __dir__(self):
        names = set(object.__dir__(self))
        for kind in ("parameter", "buffer", "module"):
            names.update(self._entry_names(kind))
        return sorted(name for name in names if not name[0].isdigit())
