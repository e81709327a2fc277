"""Runs checks with challenge parts for ever and says so of each part that is safe, until it is killed.

For each line on its input it starts one such station; what it has to load is loaded once for all.
"""

import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from endless import acknowledge, run_for_each_line

import station.inference.openvino_predictor  # noqa: F401 - loaded here once, not in each child
from station.app import Station
from station.matching.frame_matcher import LineNotReadyError
from station.settings import CameraSettings, Settings


def check(root: Path) -> None:
    """Open the station and check it. Never returns."""
    camera = CameraSettings(source=f"replay:{root / 'parts'}?loop=1")
    opened = Station.open(root / "workspace", Settings(camera=camera))
    opened.line.load_recipe("plate")
    while True:
        opened.challenge.start("Olga")
        while progress := opened.challenge.progress:
            for result in progress.results:
                acknowledge(result.key)
            with suppress(LineNotReadyError):
                opened.challenge.take()
            time.sleep(0.001)


if __name__ == "__main__":
    run_for_each_line(partial(check, Path(sys.argv[1])))
