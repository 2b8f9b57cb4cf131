"""The parts of IPython that notebooks use: displays, `get_ipython()`, `%` commands."""

from IPython.core.interactiveshell import InteractiveShell, get_ipython
from IPython.display import display

__version__ = "8.0.0"
version_info = (8, 0, 0, "")
__all__ = ["InteractiveShell", "display", "get_ipython", "version_info"]
