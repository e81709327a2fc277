"""What the people page shows, as a pure function of the accounts, the marked one and who is logged in."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.names import readable
from station.domain.permissions import Role
from station.domain.person import Account

HEADINGS = ("Name", "May do", "Logs in by", "State", "Since")
_LONGEST = 40
_EMPTY = "There are no accounts. Touch the name at the top to make the first one: a supervisor, who adds the others."
_MARK = "Mark a person to change something."
_READ_ONLY = "A supervisor or an administrator changes people. Touch the name at the top to log in."


@dataclass(frozen=True, slots=True)
class ShownPeople:
    """The page as it is shown.

    Attributes:
        rows: The cells of each account.
        hint: What to do next; "" if keys say it.
        may_add: Whether the key that adds acts.
        may_change: Whether the keys for the marked person act.
        disable_words: The words on the key that disables: it enables whoever is disabled.
    """

    rows: tuple[tuple[str, ...], ...]
    hint: str
    may_add: bool
    may_change: bool
    disable_words: str


def shown_people(accounts: Sequence[Account], marked: Account | None, may_manage: bool) -> ShownPeople:
    """Return what is shown."""
    hint = _EMPTY if not accounts else "" if marked and may_manage else _MARK if may_manage else _READ_ONLY
    return ShownPeople(
        tuple(_cells(account) for account in accounts),
        hint,
        may_add=may_manage and bool(accounts),
        may_change=may_manage and marked is not None,
        disable_words="Enable" if marked is not None and marked.disabled else "Disable",
    )


def shown_name(account: Account) -> str:
    """Return the name as it fits its place: it pushes no figure out, and what would be misread is spelt out."""
    name = readable(account.name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\u2026"


def _cells(account: Account) -> tuple[str, ...]:
    roles = ", ".join(role.value for role in Role if role in account.roles and role is not Role.OPERATOR)
    ways = " and ".join(word for word, has in (("PIN", account.has_pin), ("badge", account.has_badge)) if has)
    return (
        shown_name(account),
        roles or Role.OPERATOR.value,
        ways or "nothing",
        "disabled" if account.disabled else "",
        f"{account.created_at:%Y-%m-%d}",
    )
