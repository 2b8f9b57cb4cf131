"""Handles that remove hooks."""


class RemovableHandle:
    """Removes one entry of a dict of hooks; also a context manager."""

    next_id = 0

    def __init__(self, hooks_dict, *, extra_dict=None, on_remove=None):
        self._hooks = hooks_dict
        self._on_remove = on_remove
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1

    def remove(self):
        if self._hooks is not None and self.id in self._hooks:
            del self._hooks[self.id]
            if self._on_remove is not None:
                self._on_remove()
        self._hooks = None
        self._on_remove = None

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        self.remove()
