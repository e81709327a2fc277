"""How a program that lives long starts: how it loads its modules, and how it keeps its memory."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_M_ARENA_MAX = -8
_ARENAS = 2


@contextmanager
def loading() -> Iterator[None]:
    """Import modules inside this block without the garbage collector, and keep it away from them for ever.

    It would look through some 170,000 objects, which all stay: for a tenth of the start, and later 40 ms at a time.
    """
    modules = len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > modules:
            gc.freeze()
        gc.enable()


def share_arenas() -> None:
    """Let all threads take their memory from two arenas; call it before any thread is started.

    glibc gives each thread an arena of its own, up to eight for each core, and each keeps what was freed in it: 20 MB
    after the first 400 parts. Other C libraries have no such setting, and are left as they are.
    """
    if sys.platform == "linux":
        setting = getattr(ctypes.CDLL(None), "mallopt", None)
        if setting is not None:
            setting(_M_ARENA_MAX, _ARENAS)
