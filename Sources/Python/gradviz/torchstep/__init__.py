"""The recorder for PyTorch."""

from .recorder import Recording

__all__ = ["Recording"]
