"""What good pictures taught is kept, found again, and never trusted when it is damaged."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from station.learning.jobs import TrainingJob
from station.learning.presets import METHODS
from station.trainer import good_cache as module
from station.trainer.bank import MemoryBank
from station.trainer.cells import GoodCells
from station.trainer.coreset import Axes
from station.trainer.good_cache import GoodCache, key_of, program
from station.trainer.good_parts import GoodParts
from station.trainer.held_out import HeldOut


def good_parts(seed: int) -> GoodParts:
    def floats(*shape):
        return np.random.default_rng(seed).random(shape, np.float32)

    cells = GoodCells(Axes(floats(6), floats(6, 4), floats(4)), floats(5, 2, 3, 4).astype(np.float16))
    return GoodParts(cells, HeldOut(floats(5, 2, 3), floats(5, 2, 3)), MemoryBank(floats(7, 4), floats(7)))


def arrays_of(good: GoodParts) -> list[np.ndarray]:
    def leaves(value):
        return [value] if isinstance(value, np.ndarray) else [leaf for part in parts(value) for leaf in leaves(part)]

    def parts(value):
        return [getattr(value, field.name) for field in dataclasses.fields(value)]

    return leaves(good)


class Learning:
    """Counts how often it had to learn."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> GoodParts:
        self.times += 1
        return good_parts(self.times)


@pytest.fixture
def learn() -> Learning:
    return Learning()


@pytest.fixture
def cache(tmp_path: Path) -> GoodCache:
    return GoodCache(tmp_path / "good_parts")


def test_that_what_was_learned_once_is_the_same_later(cache, learn):
    first, second = cache.get_or_learn("a", learn), cache.get_or_learn("a", learn)
    assert learn.times == 1
    for one, other in zip(arrays_of(first), arrays_of(second), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_that_other_pictures_are_learned(cache, learn):
    cache.get_or_learn("a", learn)
    cache.get_or_learn("b", learn)
    assert learn.times == 2


@pytest.mark.parametrize("damage", ["cut", "a bit", "nothing but its name", "of another form"])
def test_that_a_damaged_file_is_learned_again_and_replaced(cache, learn, tmp_path, damage):
    cache.get_or_learn("a", learn)
    file = tmp_path / "good_parts/a.npz"
    content = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(content[:-100])
    elif damage == "a bit":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif damage == "nothing but its name":
        file.write_bytes(b"")
    else:
        np.savez(file, something=np.zeros(3))
    cache.get_or_learn("a", learn)
    cache.get_or_learn("a", learn)
    assert learn.times == 2


def test_that_the_folder_may_be_emptied_at_any_time(cache, learn, tmp_path):
    cache.get_or_learn("a", learn)
    (tmp_path / "good_parts/a.npz").unlink()
    (tmp_path / "good_parts").rmdir()
    cache.get_or_learn("a", learn)
    assert learn.times == 2


def test_that_the_files_used_last_are_kept(cache, learn, tmp_path, monkeypatch):
    for name, used in (("a", 3), ("b", 1), ("c", 2)):
        cache.get_or_learn(name, learn)
        os.utime(tmp_path / f"good_parts/{name}.npz", (used, used))
    size = (tmp_path / "good_parts/a.npz").stat().st_size
    monkeypatch.setattr(module, "_MOST_BYTES", 2.5 * size)
    cache.get_or_learn("d", learn)
    assert sorted(path.name for path in (tmp_path / "good_parts").iterdir()) == ["a.npz", "d.npz"]


def test_that_a_disk_that_refuses_costs_no_training(learn, tmp_path):
    (tmp_path / "in the way").write_text("no folder")
    assert GoodCache(tmp_path / "in the way").get_or_learn("a", learn) is not None
    assert learn.times == 1


def test_that_the_key_depends_on_all_that_is_learned_from(tmp_path, monkeypatch):
    job = TrainingJob(
        dataset=tmp_path, output=tmp_path, cache=tmp_path, method=METHODS["balanced"], input_size=(320, 320)
    )
    others = [
        job.model_copy(update=changed)
        for changed in (
            {"method": METHODS["fast"]},
            {"input_size": (320, 352)},
            {"unstated_bits": 12},
            {"seed": 1},
        )
    ]
    keys = [key_of(each, ["1", "2"]) for each in (job, *others)]
    keys += [key_of(job, pictures) for pictures in (["1"], ["2", "1"], ["1", "2", "3"])]
    assert len(set(keys)) == len(keys)
    monkeypatch.setattr(module, "program", lambda: "another program")
    keys.append(key_of(job, ["1", "2"]))
    assert keys[-1] not in keys[:-1]
    monkeypatch.undo()
    elsewhere = job.model_copy(update={"output": tmp_path / "x", "cores": 7})
    assert key_of(elsewhere, ["1", "2"]) == keys[0]
    whole = job.model_copy(update={"method": METHODS["balanced"].model_copy(update={"whole_part": True})})
    assert key_of(whole, ["1", "2"]) == keys[0]  # it is learned from what is kept


def test_that_each_change_of_the_training_makes_another_program(tmp_path, monkeypatch):
    (tmp_path / "bank.py").write_text("_NEIGHBOURS = 5\n")
    (tmp_path / "spread.py").write_text("evenly\n")
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    before = program.__wrapped__()
    assert program.__wrapped__() == before
    (tmp_path / "bank.py").write_text("_NEIGHBOURS = 6\n")
    assert program.__wrapped__() != before


@pytest.mark.slow
def test_that_no_damaged_byte_of_the_directory_of_a_file_ends_the_training(cache, learn, tmp_path):
    cache.get_or_learn("a", learn)
    file = tmp_path / "good_parts/a.npz"
    sound = file.read_bytes()
    begin = sound.index(b"PK\x01\x02")
    for place in range(begin, len(sound)):
        damaged = bytearray(sound)
        damaged[place] ^= 1 << place % 8
        file.write_bytes(damaged)
        assert cache.get_or_learn("a", learn) is not None


def test_that_a_folder_for_reading_only_is_read(cache, learn, monkeypatch):
    def refuse(*_):
        raise PermissionError

    cache.get_or_learn("a", learn)
    monkeypatch.setattr(module.os, "utime", refuse)
    cache.get_or_learn("a", learn)
    assert learn.times == 1
