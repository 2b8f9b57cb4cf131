"""Runs `.hbm` programs on the simulator, bit for bit as the quantized model computes."""

import os

import _deployment

__all__ = ["Program", "load"]


class Program:
    """A loaded program. Calling it with one array or tensor per input runs it; the result is a tensor, or a tuple of them.

    A `ddr` input takes floats, which are quantized with the input's scale, or integers. A `pyramid` or `resizer` input takes NV12 images as uint8 of
    shape `[frames, rows * 3 / 2, columns]`; a resizer input also needs `roi=(left, top, width, height)`, or a list of them.
    """

    def __init__(self, program):
        self._program = program

    @property
    def name(self):
        return self._program.name

    @property
    def march(self):
        return self._program.march

    @property
    def inputs(self):
        return self._program.inputs

    @property
    def outputs(self):
        return self._program.outputs

    def __call__(self, *inputs, roi=None):
        if roi is not None and not isinstance(roi[0], (list, tuple)):
            roi = [roi]
        results = self._program.run(inputs, roi)
        return results[0] if len(results) == 1 else results

    run = __call__

    def disassemble(self):
        """The program as text."""
        return self._program.disassemble()

    def __repr__(self):
        inputs = ", ".join("{} {} {}".format(name, source, list(shape)) for name, source, shape in self.inputs)
        return "<Program {} for {}: {}>".format(self.name, self.march, inputs)


def load(path):
    """Reads a program file; raises RuntimeError where it is damaged or breaks a rule of the machine."""
    with open(os.fspath(path), "rb") as file:
        return Program(_deployment.decode(file.read()))
