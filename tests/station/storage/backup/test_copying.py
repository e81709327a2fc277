"""One file of a backup, there and back."""

import os
from pathlib import Path

from station.domain.digest import sha256_hex
from station.storage.backup.copying import copy_hashed


def test_that_a_copy_has_content_rights_and_time_of_the_file(tmp_path: Path) -> None:
    source, target = tmp_path / "a.png", tmp_path / "b" / "a.png"
    source.write_bytes(b"picture")
    source.chmod(0o640)
    os.utime(source, ns=(10**18, 10**18 + 123_000_000))
    kept = copy_hashed(source, target)
    assert (kept.sha256, kept.size, target.read_bytes()) == (sha256_hex(b"picture"), 7, b"picture")
    assert (target.stat().st_mode, target.stat().st_mtime_ns) == (source.stat().st_mode, 10**18 + 123_000_000)
