"""The log-in of the window: sheets, badges, who is named in the header, and the return to the operator."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from station.app import Station
from station.domain.errors import StationError
from station.domain.permissions import Role
from station.domain.person import Account, KnownBy, Person
from station.domain.scanned_code import data_of
from station.domain.secret import Secret
from ui.actions.page_spec import BadgeTaker
from ui.background.tasks import BackgroundTasks
from ui.background.timers import repeating_timer
from ui.background.untouched import Untouched

if TYPE_CHECKING:
    from ui.shell.log_in_sheets import FirstAccountSheet, LogInSheet

_FIRST = "first start"
_LOOK_AGAIN_MS = 2000
_ROOM_FOR_ROLES = 32
"""Letters in the header; the sheet that a touch opens has the roles in any case."""


class LogInOfWindow(QObject):
    """Who is logged in at this window. Nothing of it stops the line.

    Args:
        window: The window; its sheets lie over it.
        station: The station, for whoever is logged in.
        tasks: A check of a PIN takes a tenth of a second on purpose.
        say: Says a sentence and an advice.
        giver: Returns what waits for a badge: to give it to somebody, or to sign by it; None if nothing does.

    Signals:
        changed: Somebody else gives the commands now.
        returned: Nobody touched the window for so long that its person was logged out.
    """

    changed = Signal()
    returned = Signal()

    def __init__(
        self,
        window: QWidget,
        station: Station,
        tasks: BackgroundTasks,
        say: Callable[[str, str], object],
        giver: Callable[[], BadgeTaker | None],
    ) -> None:
        super().__init__(window)
        self._giver = giver
        self._window, self._people, self._tasks, self._say = window, station.people, tasks, say
        self._scanner = station.scanner
        times = station.settings.people
        self._sheet: LogInSheet | None = None
        self._engineer_left = Untouched(self, times.return_after_s, self._return)
        self._operator_left = Untouched(self, times.operator_return_after_s, self._return)
        self._accounts = self._people.exist()
        self._last = ""
        self._shown = self._people.session.present
        self._watch = repeating_timer(self, _LOOK_AGAIN_MS, self._look_again)

    @property
    def words(self) -> str:
        """Return who gives the commands, for the header: on every page it says so if there are no accounts."""
        from ui.shell.log_in_sheets import shown_name  # noqa: PLC0415 - not at every start

        person = self._people.session.person
        roles = roles_in_words(person)
        if person.known_by is KnownBy.DEMO:
            return "Demo, all roles"
        if person.name:
            name = shown_name(person.name)
            return f"{name}, {roles}" if len(name) + len(roles) <= _ROOM_FOR_ROLES else name
        if person.roles == {Role.OPERATOR}:
            return "Operator" if self._accounts else "Operator, no accounts"
        return f"{roles[0].upper()}{roles[1:]}"

    def open(self) -> None:
        """Open the sheet that is meant by a touch on the person."""
        if self._people.session.is_open:
            self._open_person()
        else:
            self._tasks.ask(self._people.accounts, self._open_log_in, self._fail)

    def offer_first_account(self) -> None:
        """Open the card of the first supervisor if the station has no accounts."""
        if not self._accounts and not self._people.session.is_open:
            self._open_first()

    def is_badge(self, text: str) -> bool:
        """Return whether a scanned code is a badge: somebody's, or one that can be while the station asks who is there.

        A serial, a lot or an order that is scanned meanwhile goes where it belongs, and is not a failed try.
        """
        asked = self._sheet is not None or self._giver() is not None
        may_be = asked and not self._scanner.is_meant(text) and self._people.has_badge_form(Secret(data_of(text)))
        return may_be or self._people.knows_badge(Secret(data_of(text)))

    def take_badge(self, text: str) -> None:
        """Log the owner of a badge in, or give the badge to somebody."""
        code = Secret(data_of(text))
        if (giver := self._giver()) is not None:
            giver.take_badge(code)
            return
        self._tasks.ask(lambda: self._people.log_in_by_badge(code), self._welcome, self._refuse)

    def log_out(self) -> None:
        """Return to the operator without a name."""
        self._leave("")

    def forget_scan(self) -> None:
        """Take the keys just now for those of a scanner: an operator scans, so they keep only an operator logged in."""
        self._engineer_left.forget_scan()

    def close_clocks(self) -> None:
        """Log nobody out by itself any more: the window closes."""
        self._engineer_left.end()
        self._operator_left.end()
        self._watch.stop()

    def follow(self) -> None:
        """Look again who is logged in, and whether there are accounts."""
        self._accounts = self._people.exist()
        self._follow()

    def _open_log_in(self, accounts: tuple[Account, ...]) -> None:
        from ui.shell.log_in_sheets import LogInSheet  # noqa: PLC0415 - not at every start

        self._accounts = bool(accounts)
        if not accounts:
            self._open_first()
            return
        usable = [each for each in accounts if not each.disabled]
        self._sheet = sheet = LogInSheet(self._window, usable, self._last)
        sheet.wanted.connect(self._try)
        sheet.finished.connect(self._forget_sheet)
        sheet.open()

    def _open_first(self) -> None:
        from ui.shell.log_in_sheets import FirstAccountSheet  # noqa: PLC0415 - not at every start

        sheet = FirstAccountSheet(self._window)

        def add(name: str, roles: frozenset[Role], pin: Secret) -> None:
            self._tasks.ask(
                lambda: self._people.add(name, roles, pin, reason=_FIRST),
                lambda account: self._begin_first(sheet, account),
                lambda error: sheet.refuse(f"{error.sentence} {error.advice}"),
            )

        sheet.wanted.connect(add)
        sheet.open()

    def _begin_first(self, sheet: "FirstAccountSheet", account: Account) -> None:
        """The PIN was just chosen: its owner logs in by it once more, and learns how."""
        sheet.accept()
        self._last, self._accounts = account.name, True
        self.changed.emit()
        self._open_log_in((account,))

    def _open_person(self) -> None:
        from ui.shell.log_in_sheets import PersonSheet  # noqa: PLC0415 - not at every start

        person = self._people.session.person
        sheet = PersonSheet(self._window, person, roles_in_words(person))
        sheet.out_wanted.connect(self.log_out)
        sheet.other_wanted.connect(lambda: self._tasks.ask(self._people.accounts, self._open_log_in, self._fail))
        sheet.open()

    def _try(self, name: str, pin: Secret) -> None:
        self._last = name
        self._tasks.ask(lambda: self._people.log_in(name, pin), self._welcome, self._refuse)

    def _welcome(self, person: Person) -> None:
        self._last = person.name
        if self._sheet is not None:
            self._sheet.accept()
        self._follow()

    def _refuse(self, error: StationError) -> None:
        if self._sheet is not None:
            self._sheet.refuse(f"{error.sentence} {error.advice}")
        else:
            self._say(error.sentence, error.advice)

    def _fail(self, error: StationError) -> None:
        self._say(error.sentence, error.advice)

    def _forget_sheet(self) -> None:
        self._sheet = None

    def _follow(self) -> None:
        session = self._people.session
        beyond = bool(session.person.roles - {Role.OPERATOR})
        for clock, wanted in ((self._engineer_left, beyond), (self._operator_left, not beyond)):
            if session.is_open and wanted and session.person.is_logged_in:
                clock.begin()
            else:
                clock.end()
        self._watch_account()
        self.changed.emit()

    def _watch_account(self) -> None:
        """Look every two seconds whether the account was disabled or lost a role, here or by another program."""
        self._shown = self._people.session.present
        if self._shown.known_by in (KnownBy.PIN, KnownBy.BADGE):
            self._watch.start()
        else:
            self._watch.stop()

    def _look_again(self) -> None:
        self._watch.stop()  # one question at a time, also behind long work
        self._tasks.ask(self._people.look_again, self._see, self._fail)

    def _see(self, present: Person) -> None:
        from ui.shell.log_in_sheets import shown_name  # noqa: PLC0415 - not at every start

        gone = self._shown
        if present.name or not gone.name:
            self._watch_account()
            return
        self.returned.emit()
        self._follow()
        why = "the account was disabled, or a role was taken away"
        self._say(f"{shown_name(gone.name)} is logged out: {why}.", "Log in again, or ask the supervisor.")

    def _return(self) -> None:
        self._leave("not touched for a while")
        self.returned.emit()

    def _leave(self, why: str) -> None:
        """Log out at once, whatever work goes on; the disk may take its time for the entry."""
        self._tasks.ask(self._people.leave(why), lambda _: None, self._fail)
        self._follow()


def roles_in_words(person: Person) -> str:
    """Return what a person may do beyond an operator: "engineer, supervisor"; "operator" if nothing."""
    if person.roles == frozenset(Role):
        return "all roles"
    beyond = [role.value for role in Role if role in person.roles and role is not Role.OPERATOR]
    return ", ".join(beyond) or Role.OPERATOR.value
