"""All commands of `linesidectl`, and what becomes of an error."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import station
from station.cli import bench, cameras, doctor, inspect, recipes, report, teach, verify
from station.cli.arguments import folder
from station.cli.output import ReaderGoneError
from station.domain.errors import StationError
from station.workspace import default_workspace

_FAMILIES = (inspect, teach, recipes, report, cameras, doctor, verify, bench)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code, see `station.__main__`."""
    asked = parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
    except StationError as error:
        print(f"linesidectl: {error}", file=sys.stderr)
        return error.exit_code
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
    parser.add_argument("--workspace", type=folder, default=default, metavar="DIR", help=words.replace("%", "%%"))
