"""What a killed teaching left is removed by the next one, but not what belongs to one that runs."""

import os
import time
from pathlib import Path

from station.learning.leftovers import remove_leftovers

_TWO_DAYS_S = 2 * 24 * 3600


def test_that_only_old_leftovers_are_removed(tmp_path: Path):
    for name in (".teaching-old", ".teaching-new", "model"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "picture.png").write_bytes(b"")
    (tmp_path / ".teaching-file").write_bytes(b"")
    before = time.time() - _TWO_DAYS_S
    for name in (".teaching-old", ".teaching-file", "model"):
        os.utime(tmp_path / name, (before, before))
    remove_leftovers(tmp_path, ".teaching-*")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".teaching-new", "model"]


def test_that_a_missing_folder_has_no_leftovers(tmp_path: Path):
    remove_leftovers(tmp_path / "missing", ".*")
