"""Latency of the line with three readers of its news, one of them asleep, over one reader; in turns on one line.

    python tests/benchmarks/news_readers.py [--rounds 10] [--parts 60] [--json FILE]

A software trigger opens each part on a simulated camera. The latency is the time from the trigger until an awake
reader has the verdict. In every second round there are two readers more: one that reads all messages on its own
thread, and one that reads none. Its queue is full, so the line drops a message for it at each publishing. Exit code 1
if the ratio of the medians is over 1.05, or if the sleeper is not informed of all that it missed.
"""

import argparse
import json
import os
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

from contrast_model import contrast_package, release_plate
from triggered_line import latencies_ms, triggered_line

from station.app import Station
from station.concurrency.fan_out import Subscription
from station.domain.messages import MessagesMissed
from station.settings import CameraSettings, Settings

MOST_RATIO = 1.05
SLEEPER_QUEUE = 32
WARM_UP_PARTS = 30


@contextmanager
def running_line() -> Iterator[tuple[Station, Subscription]]:
    """A line that waits for triggers, and its awake reader."""
    with TemporaryDirectory(prefix="lineside-news-") as folder:
        package = Path(folder, "package")
        package.mkdir()
        release_plate(Path(folder, "workspace"), contrast_package(package))
        camera = CameraSettings(source="simulated:flange", trigger="software")
        station = Station.open(Path(folder, "workspace"), Settings(camera=camera))
        with station, triggered_line(station, "plate") as reader:
            yield station, reader


@contextmanager
def awake_reader(station: Station) -> Iterator[None]:
    """Reads every message on a thread of its own."""
    subscription, over = station.news.subscribe(), threading.Event()

    def read() -> None:
        while not over.is_set():
            subscription.next_message(0.05)

    thread = threading.Thread(target=read)
    thread.start()
    yield
    over.set()
    thread.join()
    subscription.close()


def measured(rounds: int, parts: int) -> dict[str, object]:
    one_ms: list[float] = []
    three_ms: list[float] = []
    missed = published = 0
    with running_line() as (station, reader):
        latencies_ms(station, reader, WARM_UP_PARTS)
        process = psutil.Process(os.getpid())
        memory_mb = [process.memory_info().rss / 1e6]
        for _ in range(rounds):
            one_ms += latencies_ms(station, reader, parts)
            sleeper, everything = station.news.subscribe(capacity=SLEEPER_QUEUE), station.news.subscribe()
            with awake_reader(station):
                latencies_ms(station, reader, SLEEPER_QUEUE // 2)  # fills the sleeper's queue
                three_ms += latencies_ms(station, reader, parts)
            assert sleeper.waiting == SLEEPER_QUEUE
            sleeper.close()
            everything.close()
            published += everything.waiting - SLEEPER_QUEUE
            first = sleeper.next_message()
            missed += first.count if isinstance(first, MessagesMissed) else 0
            memory_mb.append(process.memory_info().rss / 1e6)
    one, three = statistics.median(one_ms), statistics.median(three_ms)
    return {
        "one_reader_ms_p50": round(one, 3),
        "three_readers_ms_p50": round(three, 3),
        "ratio_of_medians": round(three / one, 4),
        "sleeper_missed": missed,
        "sleeper_should_have_missed": published,
        "memory_mb": [round(each, 1) for each in memory_mb],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--parts", type=int, default=60)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = measured(asked.rounds, asked.parts)
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    informed = result["sleeper_missed"] == result["sleeper_should_have_missed"]
    return int(result["ratio_of_medians"] > MOST_RATIO or not informed)


if __name__ == "__main__":
    sys.exit(main())
