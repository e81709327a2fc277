"""Latency of the line with every part collected into a dataset, over that without a policy; in turns on one line.

    python tests/benchmarks/collection_cost.py [--rounds 6] [--parts 40] [--json FILE]

A software trigger opens a part every 200 ms on a simulated camera, and each picture is kept. In every second round the
policy collects each part: its picture is read back, decoded, kept, compared with all others and recorded.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

from contrast_model import contrast_package, release_plate
from triggered_line import latencies_ms, triggered_line

from station.app import Station
from station.domain.collection import NO_POLICY, CollectionPolicy
from station.settings import CameraSettings, RecordingSettings, Settings

PRODUCT = "Steel plate"
EVERY = CollectionPolicy(every_nth_pass=1, near_limit=1.0)
EVERY_S = 0.2


def measured(rounds: int, parts: int) -> dict[str, object]:
    """Return the figures."""
    without: list[float] = []
    collected: list[float] = []
    with TemporaryDirectory(prefix="lineside-collection-") as folder:
        package = Path(folder, "package")
        package.mkdir()
        release_plate(Path(folder, "workspace"), contrast_package(package))
        settings = Settings(
            camera=CameraSettings(source="simulated:flange", trigger="software"),
            recording=RecordingSettings(keep_pass_every=1),
        )
        station = Station.open(Path(folder, "workspace"), settings)
        with station, triggered_line(station, "plate") as reader:
            latencies_ms(station, reader, parts)
            for _ in range(rounds):
                station.datasets.set_collection(PRODUCT, NO_POLICY)
                without += latencies_ms(station, reader, parts, EVERY_S)
                station.datasets.set_collection(PRODUCT, EVERY)
                collected += latencies_ms(station, reader, parts, EVERY_S)
            came = len(station.datasets.items(PRODUCT))
    one, other = statistics.median(without), statistics.median(collected)
    return {
        "without_ms_p50": round(one, 3),
        "collected_ms_p50": round(other, 3),
        "ratio_of_medians": round(other / one, 4),
        "without_ms_p99": round(statistics.quantiles(without, n=100)[98], 2),
        "collected_ms_p99": round(statistics.quantiles(collected, n=100)[98], 2),
        "pictures_collected": came,
        "parts_asked_for": rounds * parts,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--parts", type=int, default=40)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = measured(asked.rounds, asked.parts)
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
