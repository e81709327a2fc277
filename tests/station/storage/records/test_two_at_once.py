"""Several programs open a new workspace at the same moment: each gets the same station."""

import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from station.domain.errors import StationError
from station.storage.records.completeness import open_records
from station.workspace import Workspace

_PROGRAMS, _ROUNDS, _WAIT_S = 4, 12, 60


def _open_each(folder: Path, together: Barrier, answers: "multiprocessing.Queue[str]") -> None:
    for number in range(_ROUNDS):
        workspace = Workspace.open(folder / f"station {number}")
        together.wait(_WAIT_S)
        try:
            open_records(workspace).close()
        except StationError as refused:
            answers.put(f"{number}: {refused}")
    answers.put("")


@pytest.mark.slow
def test_that_programs_that_begin_a_station_at_the_same_moment_all_get_it(tmp_path: Path):
    processes = multiprocessing.get_context("spawn")
    together, answers = processes.Barrier(_PROGRAMS), processes.Queue()
    programs = [processes.Process(target=_open_each, args=(tmp_path, together, answers)) for _ in range(_PROGRAMS)]
    for program in programs:
        program.start()
    refused: list[str] = []
    for _ in programs:
        while answer := answers.get(timeout=_WAIT_S):
            refused.append(answer)
    for program in programs:
        program.join(_WAIT_S)
    assert refused == []
    assert [program.exitcode for program in programs] == [0] * _PROGRAMS


def test_that_a_station_whose_beginning_was_interrupted_is_begun_again(tmp_path: Path):
    workspace = Workspace.open(tmp_path)
    with closing(sqlite3.connect(workspace.database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert workspace.database.stat().st_size > 0
    open_records(workspace).close()
    open_records(workspace).close()
