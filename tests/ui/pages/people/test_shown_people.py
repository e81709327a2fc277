"""What the people page shows of its accounts, without a window."""

from datetime import UTC, datetime

import pytest

from station.domain.permissions import Role
from station.domain.person import Account
from ui.pages.people.shown_people import shown_people

ANNA = Account(1, "Anna Berg", frozenset({Role.SUPERVISOR}), True, False, False, datetime(2026, 11, 28, tzinfo=UTC))
LEFT = Account(2, "x" * 60, frozenset({Role.OPERATOR}), True, True, True, datetime(2026, 11, 27, tzinfo=UTC))


def test_that_roles_ways_to_log_in_and_state_are_said_in_words() -> None:
    shown = shown_people((ANNA, LEFT), LEFT, may_manage=True)
    assert shown.rows == (
        ("Anna Berg", "supervisor", "PIN", "", "2026-11-28"),
        ("x" * 39 + "\u2026", "operator", "PIN and badge", "disabled", "2026-11-27"),
    )
    assert (shown.disable_words, shown.may_change, shown.hint) == ("Enable", True, "")


@pytest.mark.parametrize("marked", [None, ANNA])
def test_that_who_may_not_manage_people_changes_nothing_and_reads_why(marked: Account | None) -> None:
    shown = shown_people((ANNA,), marked, may_manage=False)
    assert not shown.may_add
    assert not shown.may_change
    assert "log in" in shown.hint


def test_that_a_station_without_accounts_says_how_the_first_is_made() -> None:
    shown = shown_people((), None, may_manage=True)
    assert not shown.may_add
    assert "supervisor" in shown.hint
