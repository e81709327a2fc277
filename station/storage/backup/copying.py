"""One file from here to there, with its hash."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from station.domain.digest import sha256_of_blocks
from station.storage.backup.manifest import KeptFile

_BLOCK = 1024 * 1024


def copy_hashed(source: Path, target: Path) -> KeptFile:
    """Copy a file durably, with its rights and its time: a picture that was kept later is known by that.

    Raises:
        OSError: It cannot be read or written; half of it may be there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as there, target.open("wb") as here:
        sha256 = sha256_of_blocks(_copied(there, here))
        here.flush()
        os.fsync(here.fileno())
        size = here.tell()
    shutil.copymode(source, target)
    made = source.stat()
    with suppress(OSError):  # a share that sets times itself
        os.utime(target, ns=(made.st_atime_ns, made.st_mtime_ns))
    return KeptFile(sha256, size)


def _copied(there: BinaryIO, here: BinaryIO) -> Iterator[bytes]:
    while block := there.read(_BLOCK):
        here.write(block)
        yield block


def linked(source: Path, target: Path, size: int) -> bool:
    """Give a file of the same size a second name; return whether that could be done."""
    try:
        if source.stat().st_size != size:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:
        return False
    return True
