"""The suspects of a failed check as a table for other programs."""

from collections.abc import Iterable
from pathlib import Path

from station.domain.suspects import Suspect
from station.reporting.csv_export import ELSEWHERE, table_of
from station.reporting.languages import PLAIN, TableForm
from station.workspace import write_for_person

COLUMNS = ("run", "part", "triggered_at", "recipe", "revision", "verdict", "serial", "lot", "order")


def write_suspects_csv(recipe: str, suspects: Iterable[Suspect], path: Path, form: TableForm = PLAIN) -> int:
    """Write one line for each suspect, UTF-8 with a byte order mark for spreadsheets; return their number.

    Times are UTC. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Raises:
        BadInputError: The file cannot be written.
    """
    lines = [
        (
            each.key.run_id, each.key.part, each.triggered_at.isoformat(), recipe, each.revision, each.verdict.word,
            each.serial, each.lot, each.order,
        )
        for each in suspects
    ]  # fmt: skip
    write_for_person(path, table_of(COLUMNS, lines, form), ELSEWHERE)
    return len(lines)
