"""A line that is triggered part by part, and how long each verdict takes: for the benchmarks beside this file."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

from inbox import next_of

from station.app import Station
from station.concurrency.fan_out import Subscription
from station.domain.messages import LineState, LineStateChanged, PartJudged, PartRecorded


@contextmanager
def triggered_line(station: Station, recipe: str) -> Iterator[Subscription]:
    """Start the line, which waits for triggers; yield a reader of its news, and stop the line at the end."""
    reader = station.news.subscribe()
    station.line.load_recipe(recipe)
    station.line.start()
    next_of(reader, LineStateChanged, lambda message: message.state is LineState.WAITING)
    yield reader
    station.line.stop()
    station.line.wait_stopped(30)


def latencies_ms(station: Station, reader: Subscription, parts: int, every_s: float = 0.0) -> list[float]:
    """From each trigger to its verdict at the reader, milliseconds.

    The next trigger waits for the record, and until `every_s` seconds have passed.
    """
    found = []
    for _ in range(parts):
        began = time.perf_counter()
        station.line.trigger()
        next_of(reader, PartJudged)
        found.append((time.perf_counter() - began) * 1000)
        next_of(reader, PartRecorded)
        time.sleep(max(0.0, began + every_s - time.perf_counter()))
    return found
