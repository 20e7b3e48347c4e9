"""The compiled loops. Importing this imports numba, and compiles them or reads them from disk.

They check nothing: their callers do. They write into the last arrays among their arguments. Most
work on the rows from `first` to before `end`, so that several threads share a picture.
"""

from compositing.kernels import blend, curves, defocus, guided, layers, reduce, strokes

__all__ = ["blend", "curves", "defocus", "guided", "layers", "reduce", "strokes"]
