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
        writer.slot_pixels(slot)[:SLOT_BYTES] = bytes([slot + 1]) * SLOT_BYTES
    assert [bytes(reader.slot_pixels(slot)[:SLOT_BYTES]) for slot in range(SLOTS)] == [
        bytes([slot + 1]) * SLOT_BYTES for slot in range(SLOTS)
    ]


def test_that_a_filled_slot_is_not_reused_before_it_is_marked_free(rings: tuple[Ring, Ring]) -> None:
    writer, reader = rings
    filled = []
    while (slot := writer.find_free_slot()) is not None:
        writer.mark_filled(slot)
        filled.append(slot)
    assert sorted(filled) == list(range(SLOTS))
    reader.mark_free(2)
    assert writer.find_free_slot() == 2


def test_that_the_reader_sees_the_age_of_the_last_heartbeat(rings: tuple[Ring, Ring]) -> None:
    writer, reader = rings
    writer.write_heartbeat()
    at_first = reader.heartbeat_age_s
    time.sleep(0.01)
    assert reader.heartbeat_age_s >= at_first + 0.01
    writer.write_heartbeat()
    assert reader.heartbeat_age_s < at_first + 0.01


def test_that_a_fresh_ring_has_only_free_slots() -> None:
    memory = create_memory()
    first = Ring(memory, SLOTS, SLOT_BYTES, fresh=True)
    first.mark_filled(0)
    first.close()
    second = Ring(memory, SLOTS * 2, SLOT_BYTES * 3, fresh=True)
    assert second.find_free_slot() == 0
    second.close()
    close_memory(memory)


@pytest.mark.skipif(sys.platform != "linux", reason="the memory has a name elsewhere")
def test_that_the_memory_has_no_name_that_could_be_left_behind(rings: tuple[Ring, Ring]) -> None:
    assert not list(Path("/dev/shm").glob("*lineside*"))


def test_that_the_memory_is_laid_out_as_the_description_says() -> None:
    memory = create_memory()
    ring = Ring(memory, 3, 5000, fresh=True)
    ring.write_heartbeat()
    ring.mark_filled(1)
    ring.slot_pixels(2)[:1] = b"\x7f"
    content = bytes(ring._map)
    assert any(content[:8])
    assert content[64:67] == bytes([0, 1, 0])
    assert (content[20480], len(content)) == (0x7F, 28672)
    ring.close()
    close_memory(memory)
