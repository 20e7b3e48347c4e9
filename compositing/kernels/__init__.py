"""The compiled loops. Importing this imports numba and compiles them, or reads them from disk."""

from compositing.kernels import blend, curves, guided, layers, reduce

__all__ = ["blend", "curves", "guided", "layers", "reduce"]
