"""Running compiled programs."""

from horizon import runtime

__all__ = ["runtime"]
