"""Modules that hold modules or parameters."""

import operator
from collections import OrderedDict
from collections.abc import Mapping
from itertools import islice

from _nn import _ModuleBase
from _torch import Parameter, Tensor
from torch.nn.modules.module import Module, _indented


class Sequential(Module):
    """Modules called one after another."""

    _payload_kind = "Sequential"

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for key, module in args[0].items():
                self.add_module(key, module)
        else:
            for index, module in enumerate(args):
                self.add_module(str(index), module)

    forward = _ModuleBase._run_sequence

    def _key(self, index):
        size = len(self)
        index = operator.index(index)
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range")
        return self._entry_names("module")[index % size]

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self.__class__(OrderedDict(list(self._entry_items("module"))[index]))
        return self._entry("module", self._key(index))

    def __setitem__(self, index, module):
        setattr(self, self._key(index), module)

    def __delitem__(self, index):
        if isinstance(index, slice):
            for key in self._entry_names("module")[index]:
                delattr(self, key)
        else:
            delattr(self, self._key(index))
        self._renumber()

    def _renumber(self):
        items = [module for _, module in self._entry_items("module")]
        for name in self._entry_names("module"):
            self._delete_entry("module", name)
        for index, module in enumerate(items):
            self._set_entry("module", str(index), module)

    def __len__(self):
        return len(self._entry_names("module"))

    def __iter__(self):
        return iter([module for _, module in self._entry_items("module")])

    def __add__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
        result = Sequential()
        for layer in list(self) + list(other):
            result.append(layer)
        return result

    def __iadd__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
        return self.extend(other)

    def pop(self, key):
        value = self[key]
        del self[key]
        return value

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index, module):
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        size = len(self)
        if not -size <= index <= size:
            raise IndexError(f"Index out of range: {index}")
        if index < 0:
            index += size
        items = list(self)
        items.insert(index, module)
        for position, item in enumerate(items):
            self._set_entry("module", str(position), item)
        return self

    def extend(self, sequential):
        for layer in list(sequential):
            self.append(layer)
        return self


class ModuleList(Module):
    """A list of modules; calling it is an error."""

    _payload_kind = "ModuleList"

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self += modules

    def _key(self, index):
        size = len(self)
        index = operator.index(index)
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range")
        return str(index + size if index < 0 else index)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self.__class__(list(self)[index])
        return self._entry("module", self._key(index))

    def __setitem__(self, index, module):
        setattr(self, self._key(index), module)

    def __delitem__(self, index):
        items = list(self)
        del items[index]
        for name in self._entry_names("module"):
            self._delete_entry("module", name)
        for position, module in enumerate(items):
            self._set_entry("module", str(position), module)

    def __len__(self):
        return len(self._entry_names("module"))

    def __iter__(self):
        return iter([module for _, module in self._entry_items("module")])

    def __iadd__(self, modules):
        return self.extend(modules)

    def __add__(self, other):
        combined = ModuleList()
        for module in list(self) + list(other):
            combined.append(module)
        return combined

    def insert(self, index, module):
        items = list(self)
        items.insert(index, module)
        for position, item in enumerate(items):
            self._set_entry("module", str(position), item)

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key):
        value = self[key]
        del self[key]
        return value

    def extend(self, modules):
        if not hasattr(modules, "__iter__"):
            raise TypeError("ModuleList.extend should be called with an iterable, but got " + type(modules).__name__)
        for module in list(modules):
            self.append(module)
        return self

    def __repr__(self):
        texts = [repr(item) for item in self]
        if not texts:
            return self._get_name() + "()"
        groups = []
        for index, text in enumerate(texts):
            if groups and groups[-1][2] == text:
                groups[-1][1] = index
            else:
                groups.append([index, index, text])
        lines = []
        for first, last, text in groups:
            label = f"({first}): {text}" if first == last else f"({first}-{last}): {last - first + 1} x {text}"
            lines.append(_indented(label, 2))
        return self._get_name() + "(\n  " + "\n  ".join(lines) + "\n)"


class ModuleDict(Module):
    """Modules by name; calling it is an error."""

    _payload_kind = "ModuleDict"

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key):
        return self._entry("module", key)

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        self._delete_entry("module", key)

    def __len__(self):
        return len(self._entry_names("module"))

    def __iter__(self):
        return iter(self._entry_names("module"))

    def __contains__(self, key):
        return key in self._entry_names("module")

    def clear(self):
        for key in self._entry_names("module"):
            self._delete_entry("module", key)

    def pop(self, key):
        value = self[key]
        del self[key]
        return value

    def keys(self):
        return self._entry_names("module")

    def items(self):
        return self._entry_items("module")

    def values(self):
        return [module for _, module in self._entry_items("module")]

    def update(self, modules):
        if not hasattr(modules, "__iter__"):
            raise TypeError(
                "ModuleDict.update should be called with an iterable of key/value pairs, but got " + type(modules).__name__
            )
        if isinstance(modules, (OrderedDict, ModuleDict, Mapping, dict)):
            for key, module in modules.items():
                self[key] = module
        else:
            for pair in modules:
                key, module = pair
                self[key] = module


class ParameterList(Module):
    """A list of parameters."""

    _payload_kind = "ParameterList"

    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        if values is not None:
            self += values

    def _key(self, index):
        size = len(self)
        index = operator.index(index)
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range")
        return str(index + size if index < 0 else index)

    def __getitem__(self, index):
        if isinstance(index, slice):
            out = self.__class__()
            for position in range(*index.indices(len(self))):
                out.append(self[position])
            return out
        return getattr(self, self._key(index))

    def __setitem__(self, index, param):
        if isinstance(param, Tensor) and not isinstance(param, Parameter):
            param = Parameter(param)
        setattr(self, self._key(index), param)

    def __len__(self):
        return self._size

    def __iter__(self):
        return iter([self[position] for position in range(len(self))])

    def __iadd__(self, parameters):
        return self.extend(parameters)

    def append(self, value):
        position = len(self)
        self._size += 1
        self[position] = value
        return self

    def extend(self, values):
        if not hasattr(values, "__iter__") or isinstance(values, Tensor):
            raise TypeError("ParameterList.extend should be called with an iterable, but got " + type(values).__name__)
        for value in values:
            self.append(value)
        return self

    def extra_repr(self):
        lines = []
        for position, param in enumerate(self):
            if isinstance(param, Tensor):
                sizes = "x".join(str(size) for size in param.size())
                kind = "Parameter" if isinstance(param, Parameter) else "Tensor"
                lines.append(f"  ({position}): {kind} containing: [{param.dtype} of size {sizes}]")
            else:
                lines.append(f"  ({position}): Object of type: {type(param).__name__}")
        return "\n".join(lines)

    def __call__(self, *args, **kwargs):
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """Parameters by name."""

    def __init__(self, parameters=None):
        super().__init__()
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key):
        return self._entry("parameter", key)

    def __setitem__(self, key, value):
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        self.register_parameter(key, value)

    def __delitem__(self, key):
        self._delete_entry("parameter", key)

    def __len__(self):
        return len(self._entry_names("parameter"))

    def __iter__(self):
        return iter(self._entry_names("parameter"))

    def __contains__(self, key):
        return key in self._entry_names("parameter")

    def keys(self):
        return self._entry_names("parameter")

    def items(self):
        return self._entry_items("parameter")

    def values(self):
        return [value for _, value in self._entry_items("parameter")]

    def get(self, key, default=None):
        return self[key] if key in self else default

    def pop(self, key):
        value = self[key]
        del self[key]
        return value

    def update(self, parameters):
        items = parameters.items() if hasattr(parameters, "items") else parameters
        for key, value in items:
            self[key] = value

    def extra_repr(self):
        lines = []
        for key, param in self.items():
            sizes = "x".join(str(size) for size in param.size())
            lines.append(f"  ({key}): Parameter containing: [{param.type()} of size {sizes}]")
        return "\n".join(lines)
