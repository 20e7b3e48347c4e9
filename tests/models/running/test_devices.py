"""What this machine's processor tells of itself, on any machine."""

from pathlib import Path

import pytest

from models.running import devices


@pytest.mark.parametrize(
    ("flags", "knows"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 avx512_vnni\n", True),
        ("flags\t\t: fpu amx_bf16 amx_tile\n", True),
        ("flags\t\t: fpu avx2 avx512f f16c\n", False),
        ("Features\t: fp asimd\n", False),
        (None, False),  # not Linux
    ],
)
def test_a_cpu_tells_by_its_flags_whether_it_knows_bfloat16(
    flags: str | None, knows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "cpuinfo"
    if flags is not None:
        facts.write_text(flags)
    monkeypatch.setattr(devices, "Path", lambda _: facts)
    assert devices.cpu_knows_bfloat16() is knows
