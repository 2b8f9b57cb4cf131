"""The default generator."""

from _torch import default_generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state


class fork_rng:
    """Restores the random state at the end of the block."""

    def __init__(self, devices=None, enabled=True, device_type="cuda"):
        self.enabled = enabled

    def __enter__(self):
        if self.enabled:
            self.state = get_rng_state()

    def __exit__(self, exc_type, exc_value, traceback):
        if self.enabled:
            set_rng_state(self.state)
