"""Inspects the same pictures for ever and says so of each part that is safe, until it is killed.

For each line on its input it starts one such station; what it has to load is loaded once for all.
"""

import sys
from functools import partial
from pathlib import Path

from endless import acknowledge, run_for_each_line

import station.inference.openvino_predictor  # noqa: F401 - loaded here once, not in each child
from station.app import Station
from station.domain.inspection import Inspection


def inspect(root: Path) -> None:
    """Open the station and run its line. Never returns."""
    opened = Station.open(root / "workspace")
    recipe = opened.recipes.find("plate").recipe
    opened.line.run(f"replay:{root / 'parts'}?loop=1", recipe=recipe, on_part=_tell)


def _tell(part: Inspection) -> None:
    acknowledge(part.key)


if __name__ == "__main__":
    run_for_each_line(partial(inspect, Path(sys.argv[1])))
