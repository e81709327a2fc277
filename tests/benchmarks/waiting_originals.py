"""Latency of a line's verdicts and records while originals of passed parts wait for a dispute, over that without.

    python tests/benchmarks/waiting_originals.py [--rounds 6] [--parts 40] [--every S] [--json FILE]

A software trigger opens a part of 5 MP, which passes and whose original is not kept. In every second round it is
written to the ring beside the line. Exit code 1 if the ratio of the medians until the record is over 1.05.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

from contrast_model import contrast_package, release_plate
from inbox import next_of
from live_line import MemoryCamera, noisy
from triggered_line import triggered_line

from station.app import Station
from station.concurrency.fan_out import Subscription
from station.domain.clock import utc_now
from station.domain.frame import Frame
from station.domain.messages import PartJudged, PartRecorded
from station.settings import CameraSettings, RecordingSettings, Settings

MOST_RATIO = 1.05
Times = list[tuple[float, float]]


class TriggeredMemory(MemoryCamera):
    """Delivers a picture of its memory for each trigger."""

    def __init__(self) -> None:
        super().__init__(noisy([np.full((2048, 2448), 128, np.uint8)] * 8), 1.0)
        self._asked: SimpleQueue[int] = SimpleQueue()

    def trigger(self) -> None:
        """Deliver one picture."""
        self._asked.put(time.monotonic_ns())

    def fetch(self, timeout_s: float) -> Frame | None:
        """Return the next picture that was triggered."""
        try:
            at_ns = self._asked.get(timeout=timeout_s)
        except Empty:
            return None
        number, self._next = self._next, self._next + 1
        image = self._images[number % len(self._images)].copy()
        return Frame(image, number, utc_now(), time.monotonic_ns(), f"frame {number}", timestamp_ns=at_ns)


def times_ms(station: Station, reader: Subscription, parts: int, every_s: float) -> Times:
    """From each trigger to its verdict and to its record, milliseconds."""
    found = []
    for _ in range(parts):
        began = time.perf_counter()
        station.line.trigger()
        next_of(reader, PartJudged)
        judged = time.perf_counter()
        next_of(reader, PartRecorded)
        found.append(((judged - began) * 1000, (time.perf_counter() - began) * 1000))
        time.sleep(max(0.0, began + every_s - time.perf_counter()))
    return found


def measured(rounds: int, parts: int, every_s: float) -> dict[str, object]:
    """Return the figures."""
    without: Times = []
    waiting: Times = []
    with TemporaryDirectory(prefix="lineside-waiting-") as folder:
        package = Path(folder, "package")
        package.mkdir()
        release_plate(Path(folder, "workspace"), contrast_package(package))
        settings = Settings(
            camera=CameraSettings(source="genicam:memory", trigger="software"),
            recording=RecordingSettings(keep_pass_every=0),
        )
        station = Station.open(Path(folder, "workspace"), settings)
        ring = station._core.originals.ring
        opened = patch("station.pipeline.run_setup.open_source", lambda *_: TriggeredMemory())
        with opened, station, triggered_line(station, "plate") as reader:
            times_ms(station, reader, parts, 0)
            for _ in range(rounds):
                ring.most_parts = 0
                without += times_ms(station, reader, parts, every_s)
                ring.most_parts = 300
                waiting += times_ms(station, reader, parts, every_s)
            in_ring, size = len(ring.keys), ring.size
    figures: dict[str, object] = {"parts_in_the_ring": in_ring, "mean_part_mb": round(size / max(1, in_ring) / 1e6, 2)}
    for place, what in enumerate(("verdict", "record")):
        one, other = [each[place] for each in without], [each[place] for each in waiting]
        figures[f"{what}_ms_p50"] = [round(statistics.median(each), 2) for each in (one, other)]
        figures[f"{what}_ms_p99"] = [round(statistics.quantiles(each, n=100)[98], 2) for each in (one, other)]
        figures[f"{what}_ratio_of_medians"] = round(statistics.median(other) / statistics.median(one), 4)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--parts", type=int, default=40)
    parser.add_argument("--every", type=float, default=0.2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = measured(asked.rounds, asked.parts, asked.every)
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    sys.exit(float(str(result["record_ratio_of_medians"])) > MOST_RATIO)
