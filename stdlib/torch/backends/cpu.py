"""The processor this runs on."""


def get_cpu_capability():
    return "DEFAULT"
