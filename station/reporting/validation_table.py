"""Validations as a table: what was expected of each picture, and what came."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from station.domain.validation import Validation
from station.reporting.csv_export import ELSEWHERE, Cell, table_of
from station.reporting.languages import PLAIN, TableForm
from station.workspace import write_for_person

COLUMNS = (
    "recipe", "revision", "recipe_sha256", "view", "at", "person", "folder", "set_version", "set_sha256", "picture",
    "picture_sha256", "expected", "got", "pred_score", "as_expected",
)  # fmt: skip


def write_validation_csv(validations: Sequence[Validation], path: Path, form: TableForm = PLAIN) -> None:
    """Write a line for each picture.

    Raises:
        BadInputError: The file cannot be written.
    """
    lines = (line for validation in validations for line in _lines(validation))
    write_for_person(path, table_of(COLUMNS, lines, form), ELSEWHERE)


def _lines(validation: Validation) -> Iterator[tuple[Cell, ...]]:
    frozen = validation.frozen
    head = (
        validation.name, validation.revision, validation.recipe_sha256, validation.view, validation.at.isoformat(),
        validation.person, validation.folder, frozen.version if frozen else "", frozen.sha256 if frozen else "",
    )  # fmt: skip
    for each in validation.pictures:
        expected = "yes" if each.as_expected else "no"
        yield (*head, each.name, each.sha256, each.kind, each.verdict.word, each.pred_score, expected)
