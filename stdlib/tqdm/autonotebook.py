from tqdm.std import tqdm, trange

__all__ = ["tqdm", "trange"]
