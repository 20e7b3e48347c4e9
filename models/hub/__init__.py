"""Files from a model hub, in the cache that huggingface_hub and what is built on it share; beside
it, files that have an address of their own."""

import os

# Both are read when those libraries are imported: no usage figures are sent, and no publisher is
# asked to convert its weights.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
