"""Inspects the same pictures for ever and says so of each part that is safe, until it is killed.

For each line on its input it starts one such station; what it has to load is loaded once for all.
"""

import os
import sys
from pathlib import Path

import station.inference.openvino_predictor  # noqa: F401 - loaded here once, not in each child
from station.app import Station
from station.domain.inspection import Inspection


def inspect(root: Path) -> None:
    """Open the station and run its line. Never returns."""
    opened = Station.open(root / "workspace")
    recipe = opened.recipes.find("plate").recipe
    opened.line.run(f"replay:{root / 'parts'}?loop=1", recipe=recipe, on_part=_tell)


def _tell(part: Inspection) -> None:
    key = part.key
    os.write(1, f"{key.run_id} {key.part}\n".encode())  # in one piece, or a kill tears the line


def main(root: Path) -> None:
    """Start a station for each line, say its process, and say when it is gone."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            inspect(root)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
