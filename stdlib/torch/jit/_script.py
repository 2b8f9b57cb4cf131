"""A traced model."""

import _quantization


class ScriptModule:
    """A static integer graph that can be called, saved, checked and compiled.

    A model that is not all integers between its quantize and dequantize stubs can be traced and called too, but not deployed: what is in the
    way is kept and told where it matters.
    """

    def __init__(self, graph, original=None, obstacle=None):
        self._graph = graph
        self._original = original
        self._obstacle = obstacle
        self.training = False

    def _integer_graph(self, caller):
        if self._graph is None:
            raise RuntimeError(caller + ": the model cannot be deployed: " + self._obstacle)
        return self._graph

    @property
    def original_name(self):
        if self._graph is None:
            return type(self._original).__name__
        return self._graph.name

    @property
    def layers(self):
        """`[(name, operation)]` of the traced layers."""
        return self._integer_graph("layers").layers

    def __call__(self, *args):
        return self.forward(*args)

    def forward(self, *args):
        if self._graph is None:
            return self._original(*args)
        return self._graph.run(args)

    def cpu(self):
        return self

    def to(self, *args, **kwargs):
        return self

    def eval(self):
        return self

    def save(self, f):
        from torch.jit import save

        save(self, f)

    def __repr__(self):
        return "{}(original_name={})".format(type(self).__name__, self.original_name)


class TopLevelTracedModule(ScriptModule):
    """What `trace` returns."""
