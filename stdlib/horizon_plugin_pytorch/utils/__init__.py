"""Switches of the plugin."""

import _quantization


class _Tricks:
    """`tricks.fx_force_duplicate_shared_convbn`: whether every use of a shared convolution and its normalisation gets a copy."""

    def __init__(self):
        self.__dict__["relu6"] = False
        self.__dict__["fx_force_duplicate_shared_convbn"] = False

    def __setattr__(self, name, value):
        if name not in self.__dict__:
            raise AttributeError(f"there is no trick '{name}'")
        self.__dict__[name] = value
        if name == "fx_force_duplicate_shared_convbn":
            _quantization.set_duplicate_shared(value)


tricks = _Tricks()
