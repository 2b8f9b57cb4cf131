"""Progress bars with the interface of the tqdm package.

On a terminal a bar shows time and rate while it runs. In a notebook the last state is stored without them, so that running the
notebook again changes nothing.
"""

from tqdm.std import tqdm, trange, TqdmWarning, TqdmTypeError, TqdmKeyError

__version__ = "4.66.0"
__all__ = ["tqdm", "trange", "TqdmWarning", "TqdmTypeError", "TqdmKeyError", "tqdm_notebook", "tnrange"]

tqdm_notebook = tqdm
tnrange = trange
