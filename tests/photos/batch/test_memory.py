import platform
import subprocess
import sys

import pytest

COUNT = """
import resource, sys
import numpy as np
from photos.batch.memory import keep_memory
if sys.argv[1] == "kept":
    keep_memory()
np.ones(12_000_000, np.float32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    np.ones(12_000_000, np.float32)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="Only glibc can be told so")
def test_memory_is_asked_of_the_system_once() -> None:
    def faults(how: str) -> int:
        line = [sys.executable, "-c", COUNT, how]
        return int(subprocess.run(line, capture_output=True, text=True, check=True).stdout)

    assert faults("kept") < faults("given back") / 4
