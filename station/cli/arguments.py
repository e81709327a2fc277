"""Arguments that several commands share."""

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.errors import BadInputError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json FILE`."""
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - is stdout")


def add_view(parser: argparse.ArgumentParser) -> None:
    """`--view VIEW`, for a recipe that may have several."""
    parser.add_argument("--view", metavar="VIEW", help="which view; needed where the recipe has several")


def recipe_and_revision(text: str) -> tuple[str, int | None]:
    """("tile", 2) of "tile@2", ("tile", None) of "tile".

    Raises:
        BadInputError: The revision is no whole number above 0.
    """
    name, at, revision = text.rpartition("@")
    if not at:
        return text, None
    if not revision.isdecimal() or int(revision) < 1:
        raise BadInputError(f"'{text}' names no revision.", "Write NAME or NAME@1.")
    return name, int(revision)


def existing(root: Path) -> Path:
    """The workspace, for a command that only asks what is in it and makes none.

    Raises:
        BadInputError: There is no such folder.
    """
    if not root.is_dir():
        raise BadInputError(f"There is no workspace {root}.", "Check --workspace; 'linesidectl teach' makes a new one.")
    return root


def folder(text: str) -> Path:
    """The path of a folder, for argparse; an empty word would be the present one."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a folder has a name")
    return Path(text)


def positive(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number above 0")
    return int(text)


def account() -> str:
    """The account of this machine, which is recorded: the station has none of its own yet; "" without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def person() -> str:
    """The account of this machine, where somebody has to answer for what is done.

    Raises:
        BadInputError: This process has no user name.
    """
    name = account()
    if not name:
        raise BadInputError("This process has no user name to record.", "Set USER to your name.")
    return name
