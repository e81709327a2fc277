"""A file with a secret: only its owner may read it, and it is never written over another one."""

import os
import secrets
from pathlib import Path

from station.workspace import sync_folder

_ONLY_ITS_OWNER = 0o600


def write_once(path: Path, content: bytes) -> None:
    """Write the file whole, and never over one that another program has made meanwhile.

    Raises:
        OSError: It cannot be written.
    """
    temporary = path.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_ITS_OWNER)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _publish(temporary: Path, path: Path) -> None:
    """Give the file its name unless that is taken; a disk without hard links is asked in two steps."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:
        if not path.exists():
            temporary.replace(path)
