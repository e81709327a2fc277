from pathlib import Path

import pytest

from station.storage.pictures import reserve as reserve_module
from station.storage.pictures.reserve import DiskReserve


@pytest.mark.parametrize("by_the_system", [True, False])
def test_that_the_space_is_really_taken_and_given_back(tmp_path: Path, monkeypatch, by_the_system: bool) -> None:
    if not by_the_system:
        monkeypatch.delattr(reserve_module.os, "posix_fallocate", raising=False)
    reserve = DiskReserve(tmp_path / ".reserve", 3_000_001)
    assert not reserve.held
    reserve.take()
    reserve.take()
    assert reserve.held
    assert (tmp_path / ".reserve").stat().st_blocks * 512 >= 3_000_001
    reserve.release()
    reserve.release()
    assert (list(tmp_path.iterdir()), reserve.held) == ([], False)


def test_that_a_disk_without_the_space_keeps_what_it_has(tmp_path: Path, monkeypatch) -> None:
    def full(_handle: int, _size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reserve_module, "_allocate", full)
    reserve = DiskReserve(tmp_path / ".reserve", 10)
    with pytest.raises(OSError, match="No space"):
        reserve.take()
    assert list(tmp_path.iterdir()) == []


def test_that_no_reserve_needs_no_file(tmp_path: Path) -> None:
    reserve = DiskReserve(tmp_path / ".reserve", 0)
    reserve.take()
    assert (reserve.held, list(tmp_path.iterdir())) == (True, [])
