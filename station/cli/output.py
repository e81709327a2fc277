"""What the commands print: results on stdout, talk on stderr, JSON where a program asked for it."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import NoReturn, TextIO

from station.domain.errors import BadInputError


class ReaderGoneError(Exception):
    """Whoever read the results closed the pipe, as `head` does: no fault, and nobody is left to tell."""


class Results:
    """The results of one command: lines for people on stdout, and JSON objects, one a line, where asked for.

    With `--json -` stdout belongs to the program that reads it, and people's lines are left out.
    """

    def __init__(self, json_target: str | None) -> None:
        self._people = json_target != "-"
        self._json: TextIO | None = None
        if json_target == "-":
            self._json = sys.stdout
        elif json_target:
            self._json = _opened(Path(json_target))

    def line(self, text: str) -> None:
        """One line for people."""
        if self._people:
            _hand_over(text, sys.stdout)

    def record(self, values: Mapping[str, object]) -> None:
        """One JSON object, handed over at once: whoever reads it may rely on it."""
        if self._json is not None:
            _hand_over(json.dumps(values, ensure_ascii=False, allow_nan=False), self._json)

    def __enter__(self) -> "Results":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._json is not None and self._json is not sys.stdout:
            self._json.close()


def _hand_over(text: str, file: TextIO) -> None:
    """Write one line at once.

    Raises:
        ReaderGoneError: The pipe was closed at its other end.
        BadInputError: The disk took no more.
    """
    try:
        print(text, file=file, flush=True)
    except OSError as error:
        _give_up(file, error)


def _give_up(file: TextIO, error: OSError) -> NoReturn:
    """What is still buffered goes nowhere: it would fail once more when the file is closed."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, file.fileno())
    os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        raise ReaderGoneError from error
    raise BadInputError(
        f"The results cannot be written to {file.name}: {error.strerror}.",
        "Make room there, or write them elsewhere.",
    ) from error


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}.", "Give --json another file.") from error
