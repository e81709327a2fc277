"""A program that draws masks is killed at random moments: what it said it had saved is there, bit for bit."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.app import Station

ROUNDS = 4
SIDE = 400

CHILD = """
import sys
from pathlib import Path
from station.app import Station
sys.path.insert(0, sys.argv[4])
from test_killed_annotator import drawn_after

with Station.open(Path(sys.argv[1])) as station:
    number = int(sys.argv[3])
    while True:
        station.datasets.save_mask(int(sys.argv[2]), drawn_after(number))
        print(number, flush=True)
        number += 1
"""


def drawn_after(stroke: int) -> np.ndarray:
    """Return the mask after this stroke; each differs from all others."""
    mask = np.random.default_rng(stroke).integers(0, 2, (SIDE, SIDE)).astype(np.uint8)
    mask[:4, :8] = 1
    return mask


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A workspace and the number of its one picture."""
    cv2.imwrite(str(tmp_path / "part.png"), np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), np.uint8))
    with Station.open(tmp_path / "station") as station:
        (item,) = station.datasets.import_folder(tmp_path / "part.png", "plate").item_ids
        station.datasets.add_kind("plate", "scratch")
    return tmp_path / "station", item


@pytest.mark.slow
def test_that_no_saved_mask_is_lost_when_the_program_is_killed(marked: tuple[Path, int]) -> None:
    workspace, item = marked
    moments, number = random.Random(7), 1
    for _ in range(ROUNDS):
        saved = _run_and_kill(workspace, item, number, moments.uniform(0.05, 0.4))
        with Station.open(workspace) as station:
            mask = station.datasets.mask(item)
        expected = [drawn_after(saved), drawn_after(saved + 1)]  # the next one may have been saved, but not said
        assert any(np.array_equal(mask, each) for each in expected)
        number = saved + 2


def _run_and_kill(workspace: Path, item: int, first: int, after_s: float) -> int:
    """Return the last stroke that the program said it had saved."""
    command = [sys.executable, "-c", CHILD, str(workspace), str(item), str(first), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        time.sleep(after_s)
        child.kill()
        lines += child.stdout.readlines()
    whole = [line for line in lines if line.endswith("\n")]
    return int(whole[-1])
