"""Passes frames from the camera process to the station through shared memory that leaves nothing behind.

On Linux the memory has no name at all (memfd), on Windows its name disappears with its last handle, so nothing has to
be cleaned up, whichever process is killed first.

Layout, for 3 slots of 5000 bytes each (a slot is rounded up to whole pages of 4096 bytes, so to 8192):

    byte      0 ..     7   heartbeat: `time.monotonic_ns` of the camera process
    byte     64 ..    66   one state byte per slot: 0 free, 1 filled
    byte   4096 .. 12287   slot 0
    byte  12288 .. 20479   slot 1
    byte  20480 .. 28671   slot 2

The state says which side may touch a slot, so no lock is needed: the camera process writes pixels into a free slot and
marks it filled, the station copies them and marks it free. If both are slow and all states are 1, the camera process
finds no free slot and counts the frame as an overrun; a filled slot is never overwritten.
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
    """Slots of equal size behind one page that holds a heartbeat and the state of each slot.

    Args:
        memory: The descriptor from `create_memory`, inherited by the other process.
        slots: Number of slots, at most `MAX_SLOTS`.
        slot_bytes: Bytes for the pixels of one slot.
        fresh: Resize and clear the memory; exactly one side does so, before the other side attaches.
    """

    def __init__(self, memory: int, slots: int, slot_bytes: int, *, fresh: bool) -> None:
        self.slots = slots
        self._stride = -(-slot_bytes // _PAGE) * _PAGE
        size = _PAGE + slots * self._stride
        self._map = _mapped(memory, size, fresh=fresh)
        self._view = memoryview(self._map)
        self._heartbeat = self._view[:8].cast("q")

    def write_heartbeat(self) -> None:
        """Record that the camera process is alive."""
        self._heartbeat[0] = time.monotonic_ns()

    @property
    def heartbeat_age_s(self) -> float:
        """Seconds since the camera process last wrote a heartbeat."""
        return (time.monotonic_ns() - self._heartbeat[0]) / 1e9

    def find_free_slot(self) -> int | None:
        """Return a slot that may be filled; None if all slots are filled."""
        found = self._map.find(bytes([_FREE]), _STATES, _STATES + self.slots)
        return None if found < 0 else found - _STATES

    def slot_pixels(self, slot: int) -> memoryview:
        """Return the bytes of a slot. The view must be released before `close`."""
        start = _PAGE + slot * self._stride
        return self._view[start : start + self._stride]

    def mark_filled(self, slot: int) -> None:
        """Hand a slot over to the station."""
        self._view[_STATES + slot] = _FILLED

    def mark_free(self, slot: int) -> None:
        """Hand a slot back to the camera process."""
        self._view[_STATES + slot] = _FREE

    def close(self) -> None:
        """Release the mapping."""
        self._heartbeat.release()
        self._view.release()
        self._map.close()


if sys.platform == "win32":

    def create_memory() -> int:
        """Return a number that names the shared memory of this process and its camera process."""
        return int.from_bytes(os.urandom(6))

    def _mapped(memory: int, size: int, *, fresh: bool) -> mmap.mmap:
        mapped = mmap.mmap(-1, size, tagname=f"lineside-camera-{memory:x}-{size}")
        if fresh:
            mapped[:_PAGE] = bytes(_PAGE)
        return mapped

    def close_memory(memory: int) -> None:
        """Do nothing: the memory is freed with its last mapping."""

else:

    def create_memory() -> int:
        """Return a descriptor of unnamed memory, to be inherited by the camera process."""
        return os.memfd_create("lineside-camera")

    def _mapped(memory: int, size: int, *, fresh: bool) -> mmap.mmap:
        if fresh:
            os.ftruncate(memory, 0)
            os.ftruncate(memory, size)
        return mmap.mmap(memory, size)

    def close_memory(memory: int) -> None:
        """Close the descriptor; the memory is freed with its last mapping."""
        os.close(memory)
