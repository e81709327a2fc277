"""Output of the commands: results on stdout, messages on stderr, JSON if a program asked for it."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import NoReturn, TextIO

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.names import readable_sentence


def in_words(value: object, number: Callable[[float], str] = str) -> str:
    """Return a value of a result for people: without brackets, and "none" if it is empty."""
    if value is None or (isinstance(value, Mapping | list | tuple) and not value):
        return "none"
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value)
        case Mapping():
            return ", ".join(f"{key} {_in_its_place(one, number)}" for key, one in value.items())
        case list() | tuple():
            return "; ".join(in_words(one, number) for one in value)
    return str(value)


def rounded(figure: float) -> str:
    """Return a measured figure with its significant digits."""
    return f"{figure:.3g}" if abs(figure) < 1 else f"{figure:.3f}".rstrip("0").rstrip(".")


def _in_its_place(value: object, number: Callable[[float], str]) -> str:
    words = in_words(value, number)
    return f"({words})" if isinstance(value, Mapping) and value else words


class ReaderGoneError(Exception):
    """The reader of the results closed the pipe, as `head` does; this is not a fault."""


class Results:
    """The results of one command: lines for people on stdout, and JSON objects, one a line, if asked for.

    With `--json -` stdout belongs to the program that reads it, and the lines for people are left out.
    """

    def __init__(self, json_target: str | None) -> None:
        self._people = json_target != "-"
        self._json: TextIO | None = None
        self._file: _ResultFile | None = None
        if json_target == "-":
            self._json = sys.stdout
        elif json_target:
            self._file = _ResultFile(Path(json_target))
            self._json = self._file.text

    def line(self, text: str) -> None:
        """Print one line for people."""
        if self._people:
            _hand_over(readable_sentence(text), sys.stdout)

    def record(self, values: Mapping[str, object]) -> None:
        """Write one JSON object and flush it at once, so that its reader can rely on it."""
        if self._file is not None:
            self._file.begin()
        if self._json is not None:
            _hand_over(json.dumps(_readable(values), ensure_ascii=False, allow_nan=False), self._json)

    def __enter__(self) -> "Results":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.end(failed=error is not None)


class _ResultFile:
    """A file that keeps its old content until the first new result."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = not path.exists()
        self._begun = False
        self.text = _opened(path)

    def begin(self) -> None:
        """Drop the old content; a pipe or a device has none."""
        if not self._begun and self._path.is_file():
            self.text.truncate(0)
        self._begun = True

    def end(self, *, failed: bool) -> None:
        """Close the file. A command that failed before its first result leaves the old content."""
        if not failed:
            self.begin()
        self.text.close()
        if self._new and not self._begun:
            self._path.unlink()


def _readable(value: object) -> object:
    """Return a value of a result with every text in it readable."""
    match value:
        case str():
            return readable_sentence(value)
        case Mapping():
            return {_readable(key): _readable(one) for key, one in value.items()}
        case list() | tuple():
            return [_readable(one) for one in value]
    return value


def _hand_over(text: str, file: TextIO) -> None:
    """Write one line at once.

    Raises:
        ReaderGoneError: If the reader closed the pipe.
        BadInputError: If the file cannot be written.
    """
    try:
        print(text, file=file, flush=True)
    except OSError as error:
        _give_up(file, error)


def _give_up(file: TextIO, error: OSError) -> NoReturn:
    """Discard what is still buffered: it would fail again when the file is closed."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, file.fileno())
    os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        raise ReaderGoneError from error
    raise BadInputError(
        f"The results cannot be written to {file.name}: {reason_of(error)}.",
        "Make room there, or write them elsewhere.",
    ) from error


def _opened(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {reason_of(error)}.", "Give --json another file.") from error
