from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.inspection import PartKey
from station.storage.pictures.encoding import Role
from station.storage.pictures.passed_ring import PassedRing


@pytest.fixture
def ring(tmp_path: Path) -> PassedRing:
    return PassedRing(tmp_path / ".recent", 3, 1000)


def put(ring: PassedRing, number: int, size: int = 10) -> PartKey:
    key = PartKey(1, number)
    ring.put(key, [{Role.ORIGINAL: bytes([number]) * size, Role.MAP: b"map"}])
    for old in ring.beyond():
        ring.remove(old)
    return key


def numbers(ring: PassedRing) -> list[int]:
    return [key.part for key in ring.keys]


def test_that_the_newest_parts_stay_and_the_oldest_is_given_up(ring: PassedRing) -> None:
    for number in range(1, 6):
        put(ring, number)
    assert numbers(ring) == [3, 4, 5]
    assert len(list(ring.folder.iterdir())) == 6
    assert ring.contents(PartKey(1, 2)) == {}
    assert ring.contents(PartKey(1, 3)) == {0: {Role.ORIGINAL: bytes([3]) * 10, Role.MAP: b"map"}}


def test_that_bytes_are_limited_too_and_one_part_always_fits(ring: PassedRing) -> None:
    put(ring, 1, 600)
    put(ring, 2, 600)
    assert numbers(ring) == [2]
    put(ring, 3, 5000)
    assert numbers(ring) == [3]


def test_that_a_held_part_does_not_go(ring: PassedRing) -> None:
    for number in range(1, 4):
        put(ring, number)
    ring.put(PartKey(1, 4), [{Role.ORIGINAL: b"4"}])
    assert [key.part for key in ring.beyond(held={PartKey(1, 1)})] == [2]


def test_that_another_program_finds_the_same_ring_and_removes_half_files(ring: PassedRing) -> None:
    for number in range(1, 4):
        put(ring, number)
    (ring.folder / "000001-000004-0-original-00.tmp").write_bytes(b"half")
    (ring.folder / "README").write_bytes(b"not ours")
    other = PassedRing(ring.folder, 2, 1000)
    other.load()
    assert (numbers(other), other.size) == ([1, 2, 3], ring.size)
    assert [key.part for key in other.beyond()] == [1]
    assert {path.name for path in ring.folder.iterdir() if not path.name.startswith("0000")} == {"README"}
    assert len(list(ring.folder.iterdir())) == 7


def test_that_a_file_that_a_power_cut_left_half_written_is_not_taken_for_the_picture(ring: PassedRing) -> None:
    key = put(ring, 1)
    original = next(path for path in ring.folder.iterdir() if "original" in path.name)
    original.write_bytes(original.read_bytes()[:4])
    assert ring.contents(key) == {0: {Role.MAP: b"map"}}


@given(sizes=st.lists(st.integers(1, 900), max_size=12), parts=st.integers(0, 4))
def test_that_folder_and_count_agree_whatever_comes(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], parts: int
) -> None:
    ring = PassedRing(tmp_path_factory.mktemp("ring") / ".recent", parts, 1000)
    for number, size in enumerate(sizes, 1):
        put(ring, number, size)
    files = list(ring.folder.iterdir()) if ring.folder.exists() else []
    assert ring.size == sum(path.stat().st_size for path in files)
    assert len(ring.keys) <= parts
    assert ring.size <= 1000 or len(ring.keys) == 1
    assert numbers(ring) == list(range(len(sizes) - len(ring.keys) + 1, len(sizes) + 1))
