"""Talks to the station for the people page."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.permissions import Permission
from station.domain.person import Account
from station.domain.secret import Secret
from ui.actions.page_spec import ClosingStep, PageContext
from ui.pages.people.actions import PeopleAct
from ui.pages.people.page import PeoplePage
from ui.pages.people.sheets import AccountSheet
from ui.pages.people.shown_people import shown_name, shown_people


class PeoplePresenter(QObject):
    """Shows the accounts and changes them."""

    def __init__(self, page: PeoplePage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._people, self._tasks = page, context.station.people, context.tasks
        self._authority = context.station.authority
        self._accounts: tuple[Account, ...] = ()
        self._sheet: AccountSheet | None = None
        page.marked.connect(lambda _: self._show())
        on = context.actions.on
        on(PeopleAct.ADD, self.ask_to_add)
        on(PeopleAct.NEW_PIN, self.ask_for_pin)
        on(PeopleAct.NEW_BADGE, self.ask_for_badge)
        on(PeopleAct.ROLES, self.ask_for_roles)
        on(PeopleAct.DISABLE, self.ask_to_disable)

    def open(self) -> None:
        """Show the accounts as they are now."""
        self._page.say("")
        self._look()

    def leave(self) -> None:
        """Nothing runs while the page is hidden."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: a change takes a moment."""
        return ()

    def close(self) -> None:
        """There is no thread to end."""

    @property
    def marked(self) -> Account | None:
        """Return the marked account."""
        row = self._page.row
        return self._accounts[row] if 0 <= row < len(self._accounts) else None

    def wants_badge(self) -> bool:
        """Return whether the next code that is scanned is a new badge."""
        return self._sheet is not None and self._sheet.waits_for_badge

    def take_badge(self, code: Secret) -> None:
        """Give the badge to the person whose sheet is open."""
        if self._sheet is not None:
            self._sheet.take_badge(code)

    def ask_to_add(self) -> None:
        """Ask who is added."""
        sheet = self._opened(AccountSheet(self._page, "Add a person", "Add", (), "name pin"))
        sheet.wanted.connect(
            lambda name, roles, pin, why: self._do(lambda: self._people.add(name, roles, pin, reason=why), "is added")
        )

    def ask_for_pin(self) -> None:
        """Ask for a new PIN and the reason."""
        if (account := self.marked) is not None:
            sheet = self._opened(AccountSheet(self._page, f"New PIN for {shown_name(account)}", "Give it", asks="pin"))
            sheet.wanted.connect(
                lambda _name, _roles, pin, why: self._do(
                    lambda: self._people.set_pin(account.name, pin, why), "has a new PIN"
                )
            )

    def ask_for_badge(self) -> None:
        """Ask for a badge and the reason."""
        if (account := self.marked) is not None:
            sheet = self._opened(AccountSheet(self._page, f"Badge for {shown_name(account)}", "Give it", asks="badge"))
            sheet.wanted.connect(
                lambda _name, _roles, code, why: self._do(
                    lambda: self._people.set_badge(account.name, code, why), "has a new badge"
                )
            )

    def ask_for_roles(self) -> None:
        """Ask for other roles and the reason."""
        if (account := self.marked) is not None:
            sheet = self._opened(AccountSheet(self._page, f"Roles of {shown_name(account)}", "Change", account.roles))
            sheet.wanted.connect(
                lambda _name, roles, _pin, why: self._do(
                    lambda: self._people.set_roles(account.name, roles, why), "may do this from the next log-in on"
                )
            )

    def ask_to_disable(self) -> None:
        """Ask why nobody is to log in by this account any more, or again."""
        if (account := self.marked) is None:
            return
        do, verb = (self._people.enable, "Enable") if account.disabled else (self._people.disable, "Disable")
        sheet = self._opened(AccountSheet(self._page, f"{verb} {shown_name(account)}", verb))
        sheet.wanted.connect(
            lambda _name, _roles, _pin, why: self._do(lambda: do(account.name, why), f"is {verb.lower()}d")
        )

    def _opened(self, sheet: AccountSheet) -> AccountSheet:
        self._sheet = sheet
        sheet.finished.connect(self._forget_sheet)
        sheet.open()
        return sheet

    def _forget_sheet(self) -> None:
        self._sheet = None

    def _do(self, change: Callable[[], Account], done: str) -> None:
        def say(account: Account) -> None:
            self._page.say(f"{shown_name(account)} {done}.")
            self._look(account.number)

        self._tasks.ask(change, say, self._fail)

    def _look(self, number: int | None = None) -> None:
        keep = number if number is not None else (self.marked.number if self.marked else None)
        self._tasks.ask(self._people.accounts, lambda accounts: self._take(accounts, keep), self._fail)

    def _take(self, accounts: tuple[Account, ...], keep: int | None) -> None:
        self._accounts = accounts
        self._show()
        numbers = [each.number for each in accounts]
        if keep in numbers:
            self._page.mark(numbers.index(keep))
        self._show()

    def _show(self) -> None:
        may = self._authority.allows(Permission.MANAGE_PEOPLE)
        self._page.show_people(shown_people(self._accounts, self.marked, may))

    def _fail(self, error: StationError) -> None:
        self._page.say(f"{error.sentence} {error.advice}")
