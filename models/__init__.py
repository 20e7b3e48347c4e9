"""From a photo to a matte: the catalogue of models and how they're loaded and run."""

import os

# Read when torch is loaded: threads that wait asleep. Spinning ones starve each other wherever a
# machine has other work too, and cost up to two thirds of the speed.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Read when ONNX Runtime is loaded, which would else write an identifier of this machine on its disk
# and tell its maker of it, of the processor and of Python's folder.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
