"""`linesidectl`: the station without its window."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import station
from station.cli import bench, cameras, doctor, inspect, recipes, report, teach, verify
from station.cli.output import ReaderGoneError
from station.domain.errors import StationError
from station.workspace import default_workspace

_FAMILIES = (inspect, teach, recipes, report, cameras, doctor, verify, bench)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 the answer is no, 2 bad input, 3 a fault of the station.

    As for any program in a shell, 130 is Ctrl+C, and 141 that the reader of the results went away before their end;
    what was acknowledged until then is recorded.
    """
    asked = parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
    except StationError as error:
        print(f"linesidectl: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except ReaderGoneError:
        return 141
    return code


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = argparse.ArgumentParser(prog="linesidectl", description="Lineside without its window.")
    top.add_argument("--version", action="version", version=f"Lineside {station.__version__}")
    _add_workspace(top, default_workspace())
    common = argparse.ArgumentParser(add_help=False)
    _add_workspace(common, argparse.SUPPRESS)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add_to(commands, common)
    return top


def _add_workspace(parser: argparse.ArgumentParser, default: Path | str) -> None:
    """Before the command or behind it, as people remember it; the one behind wins."""
    words = f"the station's folder (default: {default_workspace()})"
    parser.add_argument("--workspace", type=Path, default=default, metavar="DIR", help=words.replace("%", "%%"))


if __name__ == "__main__":
    sys.exit(main())
