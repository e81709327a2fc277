"""How the C library keeps memory for many threads."""

import ctypes
import sys

_M_ARENA_MAX = -8
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads take their memory from two arenas; call it before any thread is started.

    glibc gives each thread an arena of its own, up to eight for each core, and each keeps what was freed in it: 20 MB
    after the first 400 parts. Other C libraries have no such setting, and are left as they are.
    """
    if sys.platform == "linux":
        setting = getattr(ctypes.CDLL(None), "mallopt", None)
        if setting is not None:
            setting(_M_ARENA_MAX, _ARENAS)
