"""Latency of a line's verdicts beside a teaching, over that without one, in turns on one line.

    python tests/benchmarks/line_beside_teaching.py FOLDER [--rounds 3] [--json FILE]

A software trigger opens each part of the demo line, ten a second, while a whole `linesidectl teach FOLDER` runs in
the same workspace: in the session of the line, in the next round in one of its own, as from another terminal, and then
the same from a frozen version by the runner that the window starts. After every ten parts the processes of the
teaching are stopped, and continued after ten more, so that both see the same load of the machine. The latency is the
time from the trigger until a reader of the news has the verdict; the first part of each stretch is not counted, nor is
a stretch in which other programs worked. The cache of what good pictures taught is emptied before each round. Exit code
1 if a ratio of the 99 % quantiles is over 1.3, 2 if other programs worked all the time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from triggered_line import latencies_ms, triggered_line

from station.app import Station
from station.commands import demo
from station.concurrency.fan_out import Subscription
from station.domain.training import RunState, TrainingOrder
from station.learning.datasets import import_folder
from station.learning.runs import starting
from station.settings import CameraSettings, Settings

ROOT = Path(__file__).resolve().parents[2]
MOST_RATIO = 1.3
PARTS_IN_A_ROW = 10
EVERY_S = 0.1
WARM_UP_PARTS = 20
MOST_OF_OTHERS = 0.05
"""Share of a core that other programs may take while a stretch is measured."""
PLACES = ("in the line's session", "in another session", "by the window's runner")


@contextmanager
def running_line() -> Iterator[tuple[Station, Subscription]]:
    """The demo line, with its own model, waiting for triggers; and a reader of its news."""
    camera = CameraSettings(source=f"simulated:{demo.PRODUCT}", trigger="software")
    with TemporaryDirectory() as folder, Station.open(Path(folder), Settings(camera=camera)) as station:
        demo._install(station.workspace, station.recipes._recipes)
        with triggered_line(station, demo.PRODUCT) as reader:
            yield station, reader


@contextmanager
def teaching(pictures: Path, workspace: Path, product: str, place: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A whole teaching in the workspace of the line, by a program of its own."""
    shutil.rmtree(workspace / "cache" / "good_parts", ignore_errors=True)
    line = [sys.executable, "-m", "station", "--workspace", str(workspace), "teach", str(pictures)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    command, apart = [*line, "--product", product], place == PLACES[1]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=apart
    ) as program:
        yield program
    assert program.returncode == 0


@contextmanager
def queued(pictures: Path, station: Station, product: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The same teaching from a frozen version, by the runner that a window starts."""
    shutil.rmtree(station.workspace.cache / "good_parts", ignore_errors=True)
    version = import_folder(pictures, product, station.workspace.datasets).version
    number = station.training.enqueue(TrainingOrder(product, "", version), "benchmark").number
    runner = starting._started[-1]
    yield runner
    runner.wait()
    assert station.training.run(number).state is RunState.DONE


def taught_at(
    place: str, pictures: Path, station: Station, product: str
) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """A whole teaching, started at one of the places."""
    if place == PLACES[2]:
        return queued(pictures, station, product)
    return teaching(pictures, station.workspace.root, product, place)


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


@dataclass
class Load:
    """What the processor did for other programs than the line and the teaching, seconds of a core."""

    program: "subprocess.Popen[bytes]"
    seen: dict[int, float] = field(default_factory=dict)

    def others_s(self) -> float:
        """Return the seconds until now."""
        busy = psutil.cpu_times()
        own = os.times()
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.program.pid)
            for process in (first, *first.children(recursive=True)):
                times = process.cpu_times()
                self.seen[process.pid] = times.user + times.system
        every = busy.user + busy.nice + busy.system + busy.irq + busy.softirq + busy.steal
        return float(every - own.user - own.system - sum(self.seen.values()))

    def counted_ms(self, station: Station, reader: Subscription) -> list[float]:
        """Return the latencies of one stretch; none if other programs worked in it."""
        begun, before = time.perf_counter(), self.others_s()
        found = latencies_ms(station, reader, PARTS_IN_A_ROW, EVERY_S)[1:]
        others = (self.others_s() - before) / (time.perf_counter() - begun)
        return found if others <= MOST_OF_OTHERS else []


def require_counted(*stretches: list[float]) -> None:
    """Leave with exit code 2 if nothing was counted."""
    if not all(stretches):
        print("No stretch was counted: other programs worked all the time. End them.", file=sys.stderr)
        sys.exit(2)


def measured(pictures: Path, rounds: int) -> dict[str, float]:
    """Return both quantiles and their ratio, by the place of the teaching."""
    without: dict[str, list[float]] = {place: [] for place in PLACES}
    beside: dict[str, list[float]] = {place: [] for place in PLACES}
    with running_line() as (station, reader):
        latencies_ms(station, reader, WARM_UP_PARTS, EVERY_S)
        for number in range(rounds * len(PLACES)):
            place = PLACES[number % len(PLACES)]
            with taught_at(place, pictures, station, f"beside {number}") as program:
                load = Load(program)
                while program.poll() is None:
                    found = load.counted_ms(station, reader)
                    if program.poll() is None:
                        beside[place] += found
                        with stopped(program):
                            without[place] += load.counted_ms(station, reader)
            print(f"{place}: {len(beside[place])} parts beside a teaching", file=sys.stderr, flush=True)
    require_counted(*beside.values(), *without.values())
    figures = {}
    for place in PLACES:
        for share in (50, 99):
            with_, alone = (float(np.percentile(values[place], share)) for values in (beside, without))
            figures |= {
                f"{place}, without, p{share}, ms": alone,
                f"{place}, beside, p{share}, ms": with_,
                f"{place}, ratio of p{share}": with_ / alone,
            }
    return figures


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
    return int(max(figures[f"{place}, ratio of p99"] for place in PLACES) > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
