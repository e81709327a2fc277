"""Latency of a line's verdicts beside a teaching, over that without one, in turns on one line.

    python tests/benchmarks/line_beside_teaching.py FOLDER [--rounds 3] [--json FILE]

A software trigger opens each part of the demo line, ten a second, while a whole `linesidectl teach FOLDER` runs in
the same workspace. After every ten parts the processes of the teaching are stopped, and continued after ten more, so
that both see the same load of the machine. The latency is the time from the trigger until a reader of the news has the
verdict; the first part of each stretch is not counted. Exit code 1 if the ratio of the 99 % quantiles is over 1.3.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from triggered_line import latencies_ms, triggered_line

from station.app import Station
from station.commands import demo
from station.concurrency.fan_out import Subscription
from station.settings import CameraSettings, Settings

ROOT = Path(__file__).resolve().parents[2]
MOST_RATIO = 1.3
PARTS_IN_A_ROW = 10
EVERY_S = 0.1
WARM_UP_PARTS = 20


@contextmanager
def running_line() -> Iterator[tuple[Station, Subscription]]:
    """The demo line, with its own model, waiting for triggers; and a reader of its news."""
    camera = CameraSettings(source=f"simulated:{demo.PRODUCT}", trigger="software")
    with TemporaryDirectory() as folder, Station.open(Path(folder), Settings(camera=camera)) as station:
        demo._install(station.workspace, station.recipes._recipes)
        with triggered_line(station, demo.PRODUCT) as reader:
            yield station, reader


@contextmanager
def teaching(pictures: Path, workspace: Path, product: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A whole teaching in the workspace of the line, by a program of its own."""
    line = [sys.executable, "-m", "station", "--workspace", str(workspace), "teach", str(pictures)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    command = [*line, "--product", product]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet) as program:
        yield program
    assert program.returncode == 0


@contextmanager
def stopped(program: "subprocess.Popen[bytes]") -> Iterator[None]:
    """A program, and all that it started, stopped within this block."""
    processes: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(program.pid)
        processes = [first, *first.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    yield
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def measured(pictures: Path, rounds: int) -> dict[str, float]:
    """Return both quantiles and their ratio."""
    without: list[float] = []
    beside: list[float] = []
    with running_line() as (station, reader):
        latencies_ms(station, reader, WARM_UP_PARTS, EVERY_S)
        for number in range(rounds):
            with teaching(pictures, station.workspace.root, f"beside {number}") as program:
                while program.poll() is None:
                    found = latencies_ms(station, reader, PARTS_IN_A_ROW, EVERY_S)[1:]
                    if program.poll() is None:
                        beside += found
                        with stopped(program):
                            without += latencies_ms(station, reader, PARTS_IN_A_ROW, EVERY_S)[1:]
            print(f"round {number + 1} of {rounds}: {len(beside)} parts beside a teaching", file=sys.stderr, flush=True)
    figures = {
        f"{name}, p{share}, ms": float(np.percentile(values, share))
        for name, values in (("without", without), ("beside", beside))
        for share in (50, 99)
    }
    return figures | {f"ratio of p{p}": figures[f"beside, p{p}, ms"] / figures[f"without, p{p}, ms"] for p in (50, 99)}


def main() -> int:
    """Measure, print, and say whether the line was disturbed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = measured(asked.folder.resolve(), asked.rounds)
    for name, value in figures.items():
        print(f"measured: {name} {value:.2f}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return int(figures["ratio of p99"] > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
