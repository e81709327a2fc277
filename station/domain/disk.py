"""Why a disk refuses a file, in words."""

import errno

FULL = "the disk is full"
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def reason_of(error: OSError) -> str:
    """Return why a file could not be read or written: "the disk is full", else as the system says it."""
    return FULL if error.errno in _FULL else error.strerror or str(error)
