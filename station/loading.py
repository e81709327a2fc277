"""How a program that lives long starts: how it loads its modules, and how it keeps its memory."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_ARENAS = 2
_LARGEST_BLOCK = 32 * 1024 * 1024  # the most that glibc takes for blocks that are not given back at once
_KEPT_FREE = 512 * 1024 * 1024


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
    _set_malloc(_M_ARENA_MAX, _ARENAS)


def keep_large_blocks() -> None:
    """Let a program that does nothing but judge keep the memory of one picture for the next.

    Given back and taken again, the pages of a picture of 5 MP cost 7 of 54 ms in a thread of a Dask worker.
    """
    _set_malloc(_M_MMAP_THRESHOLD, _LARGEST_BLOCK)
    _set_malloc(_M_TRIM_THRESHOLD, _KEPT_FREE)


def _set_malloc(parameter: int, value: int) -> None:
    if sys.platform == "linux":
        setting = getattr(ctypes.CDLL(None), "mallopt", None)
        if setting is not None:
            setting(parameter, value)
