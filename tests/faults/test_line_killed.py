"""Kill -9 while inspecting: whatever was acknowledged is there, once and whole, and the next start is clean."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pytest

from station.app import Station
from station.domain.shift import EventKind, ShiftRecords
from station.pipeline.recovery import ENDED_UNEXPECTEDLY

KILLS = 50
LINE = Path(__file__).with_name("endless_line.py")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks its stations"),
]


@pytest.fixture
def line(station: Station, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The `station` fixture left a workspace with a recipe, and pictures."""
    command = [sys.executable, LINE, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


def cut_off(line: subprocess.Popen[str], chance: random.Random) -> set[tuple[int, int]]:
    """Inspect until a random moment, then kill; the parts that were acknowledged by then.

    The moment is a random number of acknowledgements and system calls later: mostly in the middle of a part.
    """
    print(file=line.stdin, flush=True)
    lines = iter(line.stdout.readline, "gone\n")
    process, *acknowledged = islice(lines, 1 + chance.randint(0, 10))
    for _ in range(chance.randint(0, 20_000)):
        os.getppid()
    os.kill(int(process), signal.SIGKILL)
    return {(int(run), int(part)) for run, part in map(str.split, chain(acknowledged, lines))}


def records(root: Path) -> ShiftRecords:
    """Of the station as the next start finds it."""
    with Station.open(root) as station:
        broken = [finding.sentence for finding in station.records.verify()]
        assert broken == []
        (window,) = station.records.shifts()
        return station.records.shift(window)[0]


def test_that_a_killed_line_loses_nothing_it_acknowledged_and_starts_clean(line, tmp_path) -> None:
    chance = random.Random(2026)
    acknowledged = set()
    for kill in range(1, KILLS + 1):
        acknowledged |= cut_off(line, chance)
        found = records(tmp_path / "workspace")
        keys = [(part.inspection.key.run_id, part.inspection.key.part) for part in found.parts]
        assert len(keys) == len(set(keys))
        assert acknowledged <= set(keys)
        ends = [event.sentence for event in found.events if event.kind is EventKind.FAULT]
        assert set(ends) <= {ENDED_UNEXPECTEDLY}
        assert len(ends) <= kill
    assert len(acknowledged) >= KILLS
