"""A database that is damaged in the middle: people are informed, nothing is thrown away, what can be read is saved."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest
from hall import A_WHILE_S, Hall, Model, camera
from waiting import until

from station.app import Station
from station.domain.digest import sha256_hex
from station.domain.inspection import Inspection
from station.domain.messages import FaultReported, LineState, PartJudged, PartRecorded
from station.domain.verdict import Verdict

PAGE = 4096
PARTS = 60
EVERY, ROWS_OF_A_TABLE = 3, 0x0D
"""Of the pages with rows behind the first quarter, every third is overwritten."""


def damage(database: Path) -> str:
    """Overwrite pages with rows of tables in the middle of the file; return the hash of what is left."""
    with database.open("r+b") as file:
        pages = [page for page in range(1, database.stat().st_size // PAGE) if _has_rows(file, page)]
        for page in pages[len(pages) // 4 :: EVERY]:
            file.seek(page * PAGE)
            file.write(b"\xee" * PAGE)
    return sha256_hex(database.read_bytes())


def _has_rows(file: BinaryIO, page: int) -> bool:
    file.seek(page * PAGE)
    content = file.read(PAGE)
    return content[0] == ROWS_OF_A_TABLE and b"CREATE " not in content


def parts_of(station: Station) -> list[Inspection]:
    return [r.inspection for window in station.records.shifts() for r in station.records.shift(window)[0].parts]


def linesidectl(*words: object) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "station", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.fixture
def damaged(station: Station, tmp_path: Path) -> tuple[Path, list[Inspection], list[Inspection]]:
    """A closed workspace with damaged records; the parts of its last backup, and all of them."""
    plate, source = station.recipes.find("plate").recipe, station.settings.camera.source.partition("?")[0]
    run = lambda: station.line.run(f"{source}?loop=1", recipe=plate, on_part=lambda _: None, count=PARTS)  # noqa: E731
    run()
    station.backup.make(tmp_path / "backups")
    before = parts_of(station)
    run()
    parts = parts_of(station)
    station.close()
    return station.workspace.root, before, parts


@pytest.mark.slow
def test_that_the_last_backup_and_what_can_be_read_become_a_new_workspace(damaged, tmp_path: Path) -> None:
    root, before, parts = damaged
    left = damage(root / "station.db")
    doctor = linesidectl("doctor", "--workspace", root)
    assert "--salvage" in doctor.stdout, doctor
    restored = linesidectl("restore", tmp_path / "backups", "--salvage", root, "--workspace", tmp_path / "new")
    assert "rows could not be read" in restored.stdout, restored
    assert sha256_hex((root / "station.db").read_bytes()) == left, "the damaged file is left as it is"
    with Station.open(tmp_path / "new") as station:
        saved = {part.key: part for part in parts_of(station)}
        assert station._core.database.find_damage() == ()
        again = station.line.run(str(tmp_path / "parts"), recipe=station.recipes.find("plate").recipe, on_part=bool)
        assert again.triggers == 6, "the line inspects again"
    assert {part.key for part in before} <= set(saved)
    known = {part.key: part for part in parts}
    assert set(saved) <= set(known), "no part is invented"
    assert all(saved[key].verdict is known[key].verdict for key in saved), "no PASS is invented"
    assert len(saved) > len(before), "or nothing was saved"


@pytest.mark.slow
def test_that_a_sound_workspace_without_a_backup_is_saved_whole(damaged, tmp_path: Path) -> None:
    root, _, parts = damaged
    restored = linesidectl("restore", "--salvage", root, "--workspace", tmp_path / "new")
    assert restored.returncode == 0, restored
    assert "every row could be read; clean" in restored.stdout
    with Station.open(tmp_path / "new") as station:
        assert parts_of(station) == parts


def test_that_nothing_is_restored_without_a_backup_and_without_a_damaged_workspace(tmp_path: Path) -> None:
    assert linesidectl("restore", "--workspace", tmp_path / "new").returncode == 2
    asked = linesidectl("restore", "--salvage", tmp_path / "none", "--workspace", tmp_path / "new")
    assert (asked.returncode, (tmp_path / "new").exists()) == (2, False)


def test_that_a_line_whose_database_is_damaged_goes_on_and_says_so(hall: Hall, caplog) -> None:
    line = hall.line(camera(rate_hz=100), Model())
    line.start()
    assert hall.recorded.acquire(timeout=A_WHILE_S)

    def seen_after_damage() -> bool:
        """Damage what is in the file; what the engine holds in memory is given up, as it is sooner or later."""
        damage(hall.database.path)
        hall.database.close()
        return bool(hall.news_of(FaultReported))

    until(seen_after_damage)
    judged = len(hall.news_of(PartJudged))
    until(lambda: len(hall.news_of(PartJudged)) > judged + 20)
    line.stop()
    line.abandon()
    assert line.wait(A_WHILE_S)
    assert hall.line_state.state is LineState.FAULT
    (fault,) = {fault.sentence: fault for fault in hall.news_of(FaultReported)}.values()
    assert "--salvage" in fault.advice
    in_the_log = sum("has no record" in record.getMessage() for record in caplog.records)
    assert in_the_log == len(hall.news_of(PartJudged)) - len(hall.news_of(PartRecorded)) > 0, "no verdict is lost"
    assert {message.inspection.verdict for message in hall.news_of(PartJudged)} <= {Verdict.PASS, Verdict.NOT_INSPECTED}
