import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.camera.genicam.ring import Ring, close_memory, create_memory

SLOTS, SLOT_BYTES = 4, 5000


@pytest.fixture
def rings() -> Iterator[tuple[Ring, Ring]]:
    """Writer and reader of the same memory."""
    memory = create_memory()
    writer = Ring(memory, SLOTS, SLOT_BYTES, fresh=True)
    reader = Ring(memory, SLOTS, SLOT_BYTES, fresh=False)
    yield writer, reader
    writer.close()
    reader.close()
    close_memory(memory)


def test_that_the_reader_sees_what_the_writer_wrote_in_each_slot(rings: tuple[Ring, Ring]) -> None:
    writer, reader = rings
    for slot in range(SLOTS):
        writer.pixels(slot)[:SLOT_BYTES] = bytes([slot + 1]) * SLOT_BYTES
    assert [bytes(reader.pixels(slot)[:SLOT_BYTES]) for slot in range(SLOTS)] == [
        bytes([slot + 1]) * SLOT_BYTES for slot in range(SLOTS)
    ]


def test_that_a_filled_slot_is_not_given_out_before_it_was_emptied(rings: tuple[Ring, Ring]) -> None:
    writer, reader = rings
    filled = []
    while (slot := writer.free_slot()) is not None:
        writer.fill(slot)
        filled.append(slot)
    assert sorted(filled) == list(range(SLOTS))
    reader.empty(2)
    assert writer.free_slot() == 2


def test_that_the_reader_sees_how_long_the_writer_has_been_silent(rings: tuple[Ring, Ring]) -> None:
    writer, reader = rings
    writer.beat()
    at_first = reader.silent_s
    time.sleep(0.01)
    assert reader.silent_s >= at_first + 0.01
    writer.beat()
    assert reader.silent_s < at_first + 0.01


def test_that_a_fresh_ring_forgets_the_slots_of_the_one_before() -> None:
    memory = create_memory()
    first = Ring(memory, SLOTS, SLOT_BYTES, fresh=True)
    first.fill(0)
    first.close()
    second = Ring(memory, SLOTS * 2, SLOT_BYTES * 3, fresh=True)
    assert second.free_slot() == 0
    second.close()
    close_memory(memory)


@pytest.mark.skipif(sys.platform != "linux", reason="the memory has a name elsewhere")
def test_that_the_memory_has_no_name_that_could_be_left_behind(rings: tuple[Ring, Ring]) -> None:
    assert not list(Path("/dev/shm").glob("*lineside*"))
