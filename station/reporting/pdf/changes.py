"""The section of the shift report that says what was changed, by whom and why; it comes from the audit trail."""

from collections.abc import Sequence

from reportlab.platypus import Flowable

from station.domain.audit import AuditEntry
from station.domain.formatting import shortened
from station.domain.shift import ShiftWindow
from station.reporting.pdf.sections import heading, note
from station.reporting.pdf.tables import Cell, listing
from station.reporting.pdf.typeface import paragraph, style
from station.reporting.wording import time_in

_MOST_ROWS, _MOST_LETTERS = 60, 240
_TITLES = ("At", "What", "Of", "From", "To", "Why", "By")
_WIDTHS = (11, 15, 15, 20, 20, 20, 14)


def changes_section(changes: Sequence[AuditEntry], window: ShiftWindow) -> list[Flowable]:
    """Return one line for each change, oldest first; of very many the newest ones."""
    if not changes:
        return [*heading("Changes"), paragraph("Nothing was changed in this shift.", style())]
    rows = [_row(entry, window) for entry in changes[-_MOST_ROWS:]]
    left = len(changes) - len(rows)
    more = [note(f"{left} earlier changes of this shift are in the audit trail.")] if left else []
    return [*heading("Changes"), listing(_TITLES, rows, _WIDTHS, "ttttttt"), *more]


def _row(entry: AuditEntry, window: ShiftWindow) -> tuple[Cell, ...]:
    texts = (entry.action, entry.subject, entry.old, entry.new, entry.reason, entry.person or "station")
    return (time_in(window, entry.at), *(shortened(text, _MOST_LETTERS) for text in texts))
