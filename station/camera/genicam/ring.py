"""Frames from the camera process to the station, through memory that both see and nobody has to clean up.

On Linux the memory has no name at all (memfd), on Windows its name goes with its last handle; so nothing is left
behind, whoever is killed first. One side fills slots, the other empties them; a slot belongs to whom its state says.
"""

import mmap
import os
import sys
import time

MAX_SLOTS = 64
_PAGE = 4096
_FREE, _FILLED = 0, 1
_STATES = 64


class Ring:
    """Slots of equal size behind one page with a heartbeat and the slots' states.

    Args:
        memory: The descriptor of `create_memory`, inherited by the other side.
        slots: How many, at most `MAX_SLOTS`.
        slot_bytes: Bytes for each slot's pixels.
        fresh: Size and clear the memory; exactly one side does so, before the other attaches.
    """

    def __init__(self, memory: int, slots: int, slot_bytes: int, *, fresh: bool) -> None:
        self.slots = slots
        self._stride = -(-slot_bytes // _PAGE) * _PAGE
        size = _PAGE + slots * self._stride
        self._map = _mapped(memory, size, fresh=fresh)
        self._view = memoryview(self._map)
        self._beat = self._view[:8].cast("q")

    def beat(self) -> None:
        """Say that the camera process is alive."""
        self._beat[0] = time.monotonic_ns()

    @property
    def silent_s(self) -> float:
        """Seconds since the camera process last said that it is alive."""
        return (time.monotonic_ns() - self._beat[0]) / 1e9

    def free_slot(self) -> int | None:
        """A slot that may be filled, None while all wait to be emptied."""
        found = self._map.find(bytes([_FREE]), _STATES, _STATES + self.slots)
        return None if found < 0 else found - _STATES

    def pixels(self, slot: int) -> memoryview:
        """The bytes of a slot. Let go of the view before `close`."""
        start = _PAGE + slot * self._stride
        return self._view[start : start + self._stride]

    def fill(self, slot: int) -> None:
        """The slot is the reader's now."""
        self._view[_STATES + slot] = _FILLED

    def empty(self, slot: int) -> None:
        """The slot is the writer's again."""
        self._view[_STATES + slot] = _FREE

    def close(self) -> None:
        """Let go of the memory."""
        self._beat.release()
        self._view.release()
        self._map.close()


if sys.platform == "win32":

    def create_memory() -> int:
        """A number that names the shared memory between this process and its camera process."""
        return int.from_bytes(os.urandom(6))

    def _mapped(memory: int, size: int, *, fresh: bool) -> mmap.mmap:
        mapped = mmap.mmap(-1, size, tagname=f"lineside-camera-{memory:x}-{size}")
        if fresh:
            mapped[:_PAGE] = bytes(_PAGE)
        return mapped

    def close_memory(memory: int) -> None:
        """Nothing to do: the memory goes with its last mapping."""

else:

    def create_memory() -> int:
        """A descriptor of memory without a name, to be inherited by the camera process."""
        return os.memfd_create("lineside-camera")

    def _mapped(memory: int, size: int, *, fresh: bool) -> mmap.mmap:
        if fresh:
            os.ftruncate(memory, 0)
            os.ftruncate(memory, size)
        return mmap.mmap(memory, size)

    def close_memory(memory: int) -> None:
        """Close the descriptor; the memory goes with its last mapping."""
        os.close(memory)
