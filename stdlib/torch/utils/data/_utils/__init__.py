"""Parts of the loader."""

from . import collate, worker
