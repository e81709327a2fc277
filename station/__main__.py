"""`linesidectl`: the station without its window."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import station
from station.cli import bench, cameras, doctor, inspect, recipes, report, teach, verify
from station.domain.errors import StationError
from station.workspace import default_workspace

_FAMILIES = (inspect, teach, recipes, report, cameras, doctor, verify, bench)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 the answer is no, 2 bad input, 3 a fault of the station."""
    asked = parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
    except StationError as error:
        print(f"linesidectl: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = argparse.ArgumentParser(prog="linesidectl", description="Lineside without its window.")
    top.add_argument("--version", action="version", version=f"Lineside {station.__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--workspace",
        type=Path,
        default=default_workspace(),
        metavar="DIR",
        help="the station's folder (default: %(default)s)",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add_to(commands, common)
    return top


if __name__ == "__main__":
    sys.exit(main())
