"""A copy of a file on a disk with bad sectors has all that the disk gives back."""

import errno
import io
from pathlib import Path

import pytest

from station.domain.errors import StorageError
from station.storage.engine.private_copy import _block, private_copy

SECTOR = 4096


class BadDisk(io.BytesIO):
    """A file of which some sectors cannot be read."""

    def __init__(self, content: bytes, bad: set[int], number: int = errno.EIO) -> None:
        super().__init__(content)
        self._bad, self._number = bad, number

    def read(self, length: int) -> bytes:
        start = self.tell()
        if self._bad & set(range(start // SECTOR, -(-(start + length) // SECTOR))):
            raise OSError(self._number, "the disk fails")
        return super().read(length)


@pytest.mark.parametrize("bad", [set(), {0}, {3, 4}, {7}, set(range(8))])
def test_that_bad_sectors_alone_become_zeros(bad: set[int]) -> None:
    content = bytes(range(1, 252)) * 128  # its last sector is not full
    copied = _block(BadDisk(content, bad), 0, len(content))
    for sector in range(8):
        piece = slice(sector * SECTOR, (sector + 1) * SECTOR)
        assert copied[piece] == (bytes(len(content[piece])) if sector in bad else content[piece])
    assert len(copied) == len(content)


def test_that_a_share_that_went_away_is_not_taken_for_a_bad_sector() -> None:
    with pytest.raises(OSError, match="fails"):
        _block(BadDisk(bytes(SECTOR), {0}, errno.ESTALE), 0, SECTOR)


def test_that_file_and_log_are_copied_whole_from_a_sound_disk(tmp_path: Path) -> None:
    database, log = tmp_path / "station.db", tmp_path / "station.db-wal"
    database.write_bytes(bytes(range(256)) * 5000)
    log.write_bytes(b"log")
    with private_copy(database, log, past_bad_sectors=True) as copy:
        assert copy.read_bytes() == database.read_bytes()
        assert copy.with_name(log.name).read_bytes() == b"log"
    with (
        pytest.raises(StorageError, match="none can be made"),
        private_copy(tmp_path / "none", log, past_bad_sectors=True),
    ):
        pass
