"""Tests that are to hold in each number format that a CPU may run a network in."""

import pytest

EACH = pytest.mark.parametrize("cpu_format", ["float32", "bfloat16"], indirect=True)
"""For tests in `tests/models`; see `cpu_format` in its conftest.py."""
