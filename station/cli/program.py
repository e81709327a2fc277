"""All commands of `linesidectl`, and what becomes of an error."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import station
from station.cli import bench, cameras, doctor, inspect, recipes, report, settings, teach, verify
from station.cli.arguments import authority, folder
from station.cli.output import ReaderGoneError
from station.domain.errors import StationError
from station.domain.permissions import EVERY_ROLE, Authority, Role
from station.workspace import default_workspace

_FAMILIES = (inspect, teach, recipes, report, cameras, doctor, settings, verify, bench)


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
    _add_role(top, EVERY_ROLE)
    common = argparse.ArgumentParser(add_help=False)
    _add_workspace(common, argparse.SUPPRESS)
    _add_role(common, argparse.SUPPRESS)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add_to(commands, common)
    return top


def _add_workspace(parser: argparse.ArgumentParser, default: Path | str) -> None:
    """Before the command or behind it, as people remember it; the one behind wins."""
    words = f"the station's folder (default: {default_workspace()})"
    parser.add_argument("--workspace", type=folder, default=default, metavar="DIR", help=words.replace("%", "%%"))


def _add_role(parser: argparse.ArgumentParser, default: Authority | str) -> None:
    """Add `--role`: a person at the command line may do everything, unless the command says for which role it is."""
    roles = ", ".join(Role)
    words = f"give the command with this role only: {roles} (default: all)"
    parser.add_argument("--role", type=authority, default=default, dest="authority", metavar="ROLE", help=words)
