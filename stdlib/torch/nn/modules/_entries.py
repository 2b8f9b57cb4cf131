"""Live dicts over what a module registers."""

from collections import OrderedDict
from collections.abc import MutableMapping


class Entries(MutableMapping):
    """The parameters, buffers or children of a module as a live dict."""

    def __init__(self, module, kind):
        self._module = module
        self._kind = kind

    def __getitem__(self, name):
        return self._module._entry(self._kind, name)

    def __setitem__(self, name, value):
        self._module._set_entry(self._kind, name, value)

    def __delitem__(self, name):
        self._module._delete_entry(self._kind, name)

    def __iter__(self):
        return iter(self._module._entry_names(self._kind))

    def __len__(self):
        return len(self._module._entry_names(self._kind))

    def __contains__(self, name):
        return name in self._module._entry_names(self._kind)

    def items(self):
        return self._module._entry_items(self._kind)

    def values(self):
        return [value for _, value in self._module._entry_items(self._kind)]

    def keys(self):
        return self._module._entry_names(self._kind)

    def copy(self):
        return OrderedDict(self.items())

    def __deepcopy__(self, memo):
        return OrderedDict(self.items())

    def __repr__(self):
        return repr(dict(self.items()))
