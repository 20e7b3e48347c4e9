"""`python batch_cli.py batch IN OUT …`: the command line with one model that answers at once, and
ends its process, as a lack of memory would, for a photo that is 66 pixels wide."""

import os
import signal
import sys
import time
import types
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from compositing.arrays import Photo
from models import catalog
from models.interface import LoadFailed, Matte, Prompt
from tests.halves import HALVES

DEADLY = 66
UNLOADABLE = 67


class Halves:
    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        if photo.shape[1] == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        if photo.shape[1] == UNLOADABLE:
            raise LoadFailed("Halves could not be loaded: ask for access.")
        time.sleep(float(os.environ.get("SLOW", "0")))
        alpha = np.zeros(photo.shape[:2], np.float32)
        alpha[:, : photo.shape[1] // 2] = 1
        return Matte(alpha, soft=True)


def dress() -> None:
    """This process has that model, and no other."""
    family = types.ModuleType(f"models.families.{HALVES.family}")
    family.load = lambda spec, folder, device: Halves()  # type: ignore[attr-defined]
    sys.modules[family.__name__] = family
    catalog.MODELS = (HALVES,)


if __name__ == "__main__":
    dress()

    import cli

    cli.main()
