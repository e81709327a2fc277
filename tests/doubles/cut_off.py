"""Kills a program that records, at a random moment."""

import os
import random
import signal
import sqlite3
import subprocess
from itertools import chain, islice
from pathlib import Path

Keys = set[tuple[int, int]]


def cut_off(recorder: subprocess.Popen[str], chance: random.Random) -> Keys:
    """Record until a random moment, then kill; the keys that were acknowledged by then.

    The moment is a random number of acknowledgements and system calls later: mostly in the middle of a part.
    """
    assert recorder.stdin is not None
    assert recorder.stdout is not None
    print(file=recorder.stdin, flush=True)
    lines = iter(recorder.stdout.readline, "gone\n")
    pid, *acknowledged = islice(lines, 1 + chance.randint(0, 12))
    _spin(chance.randint(0, 20_000))
    os.kill(int(pid), signal.SIGKILL)
    return {_key(line) for line in chain(acknowledged, lines)}


def _spin(times: int) -> None:
    for _ in range(times):
        os.getppid()


def _key(line: str) -> tuple[int, int]:
    run_id, part = line.split()
    return int(run_id), int(part)


def recorded(root: Path) -> list[tuple[int, int]]:
    """Return the keys of the recorded parts of a workspace."""
    with sqlite3.connect(root / "station.db") as plain:
        rows = plain.execute("SELECT run_id, number FROM part").fetchall()
    plain.close()
    return rows
