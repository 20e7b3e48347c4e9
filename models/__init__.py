"""From a photo to a matte: the catalogue of models and how they're loaded and run."""

import os

# Read when torch is loaded: threads that wait asleep. Spinning ones starve each other wherever a
# machine has other work too, and cost up to two thirds of the speed.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
