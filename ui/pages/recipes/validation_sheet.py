"""One validation, picture by picture: what was expected and what came, the mistakes first."""

from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station.domain.formatting import day_and_time
from station.domain.validation import ValidatedPicture, Validation
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.table import Table

_HEADINGS = ("", "Expected", "Got", "Score", "Picture")
_WIDTH_SHARE, _HEIGHT_SHARE = 2.2, 1.0


class ValidationSheet(Dialog):
    """Shows one validation.

    Signals:
        table_wanted: As a CSV file.
    """

    table_wanted = Signal()

    def __init__(self, parent: QWidget, validation: Validation, zone: str) -> None:
        super().__init__(parent, f"Validation of {validation.name} {validation.revision}")
        self.words = label(words_of(validation, zone), wrap=True)
        self.table = Table("Pictures, mistakes first", _HEADINGS, ("Score",))
        self.table.show_rows(rows_of(validation))
        sizes = current_theme().sizes
        self.table.setMinimumSize(round(sizes.side * _WIDTH_SHARE), round(sizes.side * _HEIGHT_SHARE))
        self.save, self.leave = sheet_key("Save as CSV"), sheet_key("Close  (Esc)", strong=True)
        self.save.clicked.connect(self.table_wanted)
        self.save.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        self.column.addWidget(self.words)
        self.column.addWidget(self.table, 1)
        self.add_key_row(self.save, self.leave)
        self.table.setFocus()


def words_of(validation: Validation, zone: str) -> str:
    """Return what was judged, by whom, and the result."""
    view = f"View {validation.view}. " if validation.view else ""
    frozen = validation.frozen
    which = f"{validation.folder}, which may change"
    if frozen is not None:
        which = f"Version {frozen.version}, frozen, SHA-256 {frozen.sha256[:16]}"
    who = f"{validation.person}, {day_and_time(validation.at, zone)}"
    return f"{view}{validation.words.capitalize()}.\n{which}.\n{who}."


def rows_of(validation: Validation) -> list[tuple[str, ...]]:
    """Return a row for each picture, the mistakes first."""
    mistakes = [each for each in validation.pictures if not each.as_expected]
    return [_row(each) for each in (*mistakes, *(each for each in validation.pictures if each.as_expected))]


def _row(each: ValidatedPicture) -> tuple[str, ...]:
    place = PurePath(each.name)
    score = "" if each.pred_score is None else f"{each.pred_score:.3f}"
    mark = "" if each.as_expected else "mistake"
    return mark, each.kind, each.verdict.word, score, "/".join(place.parts[-2:])
