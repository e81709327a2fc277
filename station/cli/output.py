"""What the commands print: results on stdout, talk on stderr, JSON where a program asked for it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TextIO

from station.domain.errors import BadInputError


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
            print(text, flush=True)

    def record(self, values: Mapping[str, object]) -> None:
        """One JSON object, handed over at once: whoever reads it may rely on it."""
        if self._json is not None:
            print(json.dumps(values, ensure_ascii=False, allow_nan=False), file=self._json, flush=True)

    def __enter__(self) -> "Results":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._json is not None and self._json is not sys.stdout:
            self._json.close()


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}.", "Give --json another file.") from error
