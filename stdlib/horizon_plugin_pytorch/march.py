"""The accelerator generation a model is meant for."""

import _quantization


class March:
    BERNOULLI = "bernoulli"
    BERNOULLI2 = "bernoulli2"
    BAYES = "bayes"
    BAYES_E = "bayes-e"
    NASH = "nash"
    NASH_E = "nash-e"
    NASH_M = "nash-m"
    NASH_P = "nash-p"
    META = "meta"


def set_march(march):
    """Chooses the generation for everything that follows; needed before `prepare_qat_fx`."""
    _quantization.set_march(march)


def get_march():
    return _quantization.get_march()
