"""Who was logged in during a shift, from the entries of the audit trail."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.domain.audit import AuditAction, AuditEntry
from station.domain.shift import ShiftWindow
from station.domain.shift_account import ATTENDANCE, presences

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
WINDOW = ShiftWindow("Early", START.date(), START, START + timedelta(hours=8), "UTC")
IN, OUT, OPENED, CLOSED = (
    AuditAction.LOGGED_IN,
    AuditAction.LOGGED_OUT,
    AuditAction.STATION_OPENED,
    AuditAction.STATION_CLOSED,
)


def _entries(*happened: tuple[int, AuditAction, str]) -> list[AuditEntry]:
    as_what = ("", "operator, by PIN", "", "", "")
    return [
        AuditEntry(number, START + timedelta(minutes=minute), name, "S", action, name, *as_what)
        for number, (minute, action, name) in enumerate(happened, 1)
    ]


def _found(*happened: tuple[int, AuditAction, str]) -> list[tuple[str, int, int | None, str]]:
    def minute(at: datetime) -> int:
        return (at - START) // timedelta(minutes=1)

    return [
        (each.name, minute(each.since), None if each.until is None else minute(each.until), each.end)
        for each in presences(_entries(*happened), WINDOW)
    ]


def test_that_a_log_in_ends_with_the_log_out() -> None:
    assert _found((5, IN, "Ada"), (9, OUT, "Ada")) == [("Ada", 5, 9, "logged out")]


def test_that_the_next_log_in_and_the_end_of_the_program_end_the_one_before() -> None:
    assert _found((5, IN, "Ada"), (9, IN, "Ben"), (20, CLOSED, "window"), (30, IN, "Eve"), (40, OPENED, "window")) == [
        ("Ada", 5, 9, "another person logged in"),
        ("Ben", 9, 20, "the program was closed"),
        ("Eve", 30, 40, "the program was started again"),
    ]


def test_that_a_log_in_before_the_shift_and_one_without_an_end_are_cut_at_its_edges() -> None:
    (first, last) = presences(_entries((-30, IN, "Ada"), (2, OUT, "Ada"), (470, IN, "Ben"), (500, OUT, "Ben")), WINDOW)
    assert (first.since, first.began_before) == (START, True)
    assert (last.name, last.until, last.end) == ("Ben", None, "")


def test_that_a_log_in_that_ended_before_the_shift_is_left_out() -> None:
    assert _found((-30, IN, "Ada"), (-2, OUT, "Ada")) == []


def test_that_the_log_out_of_another_name_ends_nothing() -> None:
    assert _found((5, IN, "Ada"), (9, OUT, "Ben")) == [("Ada", 5, None, "")]


@given(st.lists(st.tuples(st.integers(-100, 600), st.sampled_from(sorted(ATTENDANCE)), st.sampled_from("abc"))))
def test_that_never_two_people_are_present_at_once(happened: list[tuple[int, AuditAction, str]]) -> None:
    found = presences(_entries(*sorted(happened, key=lambda each: each[0])), WINDOW)
    edges = [edge for each in found for edge in (each.since, each.until or WINDOW.end)]
    assert edges == sorted(edges)
    assert all(WINDOW.start <= edge <= WINDOW.end for edge in edges)
