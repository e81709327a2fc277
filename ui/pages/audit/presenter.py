"""Connects the audit trail with its page. All entries are read off the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from station.domain.audit import AuditEntry, AuditFilter
from station.domain.audit_chain import ChainState
from station.domain.errors import StationError
from station.domain.shift import ShiftWindow
from ui.actions.page_spec import ClosingStep, PageContext
from ui.pages.audit.actions import AuditAct
from ui.pages.audit.page import AuditPage
from ui.pages.audit.shown_audit import Wanted, chain_in_words, count_in_words


@dataclass(frozen=True, slots=True)
class _Found:
    wanted: Wanted
    numbers: tuple[int, ...]
    people: tuple[str, ...]
    actions: tuple[str, ...]
    shifts: tuple[ShiftWindow, ...]
    state: ChainState | None


class AuditPresenter(QObject):
    """Shows the entries that meet the conditions; verifies and exports when asked to."""

    def __init__(self, page: AuditPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._tasks = page, context.tasks
        self._slow = context.tasks.another(self)
        self._audit, self._records = context.station.audit, context.station.records
        self._zone = context.station.settings.station.time_zone
        self._count = 0
        self._verify_action = context.actions[AuditAct.VERIFY]
        page.changed.connect(self._read)
        page.chosen.connect(self._show_whole)
        page.entries.block_wanted.connect(self._read_block)
        actions = context.actions
        actions.on(AuditAct.READ_AGAIN, self._read)
        actions.on(AuditAct.VERIFY, self._verify)
        actions.on(AuditAct.SAVE_CSV, lambda: self._save(self._audit.write_csv))
        actions.on(AuditAct.SAVE_SYSLOG, lambda: self._save(self._audit.write_syslog))

    def open(self) -> None:
        """Show the entries of now."""
        self._read()

    def leave(self) -> None:
        """Do nothing: nothing goes on."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: reading may be cut off."""
        return ()

    def close(self) -> None:
        """End the task of the page's own."""
        self._slow.close()

    def _read(self) -> None:
        wanted = self._page.wanted

        def look() -> _Found:
            audit = self._audit
            numbers = audit.numbers(wanted.filter)
            return _Found(wanted, numbers, audit.people(), audit.actions(), self._records.shifts(), audit.state)

        self._tasks.ask(look, self._show, self._fail)

    def _show(self, found: _Found) -> None:
        if found.wanted != self._page.wanted:
            return
        self._count = len(found.numbers)
        self._page.offer(found.people, found.actions, found.shifts)
        self._page.entries.show_numbers(found.numbers, self._zone)
        self._page.show_whole(None)
        self._show_state(found.state)

    def _show_state(self, state: ChainState | None) -> None:
        self._page.show_state(chain_in_words(state, self._zone), count_in_words(self._count, self._page.wanted))

    def _read_block(self, numbers: tuple[int, ...]) -> None:
        def keep(entries: tuple[AuditEntry, ...]) -> None:
            self._page.entries.add_block(numbers, entries)
            self._show_whole(self._page.table.currentIndex().row())

        self._tasks.ask(lambda: self._audit.entries_of(numbers), keep, self._fail)

    def _show_whole(self, row: int) -> None:
        self._page.show_whole(self._page.entries.entry(row))

    def _verify(self) -> None:
        self._verify_action.setEnabled(False)
        self._page.say("Following the chain from its first entry \u2026")
        self._slow.ask(self._audit.verify, self._verified, self._not_verified)

    def _verified(self, state: ChainState) -> None:
        self._verify_action.setEnabled(True)
        self._page.say("")
        self._show_state(state)

    def _not_verified(self, error: StationError) -> None:
        self._verify_action.setEnabled(True)
        self._fail(error)

    def _save(self, write: Callable[[Path | None, AuditFilter], Path]) -> None:
        wanted = self._page.wanted.filter
        self._slow.ask(lambda: write(None, wanted), self._saved, self._fail)

    def _saved(self, path: Path) -> None:
        self._page.say(f"Saved {path}.")
        self._read()

    def _fail(self, error: StationError) -> None:
        self._page.say(str(error))
