"""All commands of `linesidectl`, and what becomes of an error."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module

import station
from station.cli.arguments import of_system_user, station_arguments
from station.cli.output import ReaderGoneError
from station.domain.errors import StationError
from station.workspace import default_workspace

_COMMANDS: Mapping[str, str] = {
    "inspect": "inspect pictures or a camera",
    "teach": "teach a product from pictures of good parts",
    "compare": "the same pictures by several methods, in one table",
    "runs": "queue, list, cancel and export training runs",
    "evaluate": "measure a recipe on labelled pictures",
    "datasets": "import, export, freeze pictures to learn from",
    "recipes": "list, compare, move and release recipes",
    "report": "print a shift's report",
    "cameras": "every camera, and why one is missing",
    "doctor": "check everything a station needs",
    "settings": "every setting, as an annotated station.toml",
    "lot": "the lot and the order that are made now",
    "signers": "whose recipe files this station believes",
    "users": "add, disable and list people; give a new PIN",
    "verify": "is all that was recorded still there, and unchanged?",
    "audit": "who changed what, when and why",
    "backup": "copy the whole workspace while the line inspects",
    "restore": "make a new workspace from a backup",
    "plant": "what was sent to the plant's database, and what waits",
    "challenge": "check the station with known parts; list suspect parts",
    "study": "judge parts blind and repeatedly: people, models, figures",
    "review": "the parts of a shift to review; parts on hold",
    "shadow": "what would a draft have said of recorded parts?",
    "rescore": "what would another revision have said of all stored parts?",
    "synthetic": "draw defects into good pictures; which would be found?",
    "bench": "how fast is this recipe on this machine?",
}
"""Each command is the module of its name in `station.cli`, which has its arguments and what it does."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code, see `station.__main__`."""
    words = sys.argv[1:] if arguments is None else arguments
    asked = parser(words).parse_args(words)
    try:
        code: int = asked.run(asked)
    except StationError as error:
        print(f"linesidectl: {error}", file=sys.stderr)
        return error.exit_code
    except ReaderGoneError:
        return 141
    return code


def parser(words: Collection[str]) -> argparse.ArgumentParser:
    """Return the parser for these words. A command that they do not name has no arguments: its module is not loaded."""
    top = argparse.ArgumentParser(
        prog="linesidectl",
        description="Lineside without its window.",
        parents=[station_arguments(default_workspace(), of_system_user())],
    )
    top.add_argument("--version", action="version", version=f"Lineside {station.__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in _COMMANDS.items():
        command = commands.add_parser(name, parents=[station_arguments()], help=purpose)
        if name in words:
            import_module(f"station.cli.{name}").add_to(command)
    return top
