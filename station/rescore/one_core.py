"""A process that judges on one core, as one of several on its machine."""

from station.loading import keep_large_blocks
from station.vision.one_thread import work_on_one_thread


def take_one_core() -> None:
    """Compute on the calling thread alone, and keep the memory of one picture for the next."""
    work_on_one_thread()
    keep_large_blocks()
