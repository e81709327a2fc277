"""The life of an alarm: raised, seen, normal again, and raised again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.alarm import Alarm, AlarmKind, AlarmState
from station.domain.errors import BadInputError
from station.domain.messages import AlarmRaised, AlarmsChanged
from station.review.alarm_list import AlarmList

ALARM = Alarm("3 parts failed in a row.", "", "", "Check the light.")
WORSE = Alarm("10 parts failed in a row.", "", "", "Check the light.")
KIND = AlarmKind.FAILS_IN_A_ROW


def minutes() -> Iterator[datetime]:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    while True:
        yield now
        now += timedelta(minutes=1)


@pytest.fixture
def messages() -> list:
    return []


@pytest.fixture
def alarms(messages: list) -> AlarmList:
    clock = minutes()
    return AlarmList(messages.append, lambda: next(clock))


def test_that_a_seen_alarm_stays_until_its_condition_is_normal_again(alarms: AlarmList) -> None:
    alarms.raise_alarm(KIND, ALARM)
    (entry,) = alarms.open
    assert entry.state is AlarmState.NOT_SEEN
    assert alarms.acknowledge(entry.number).state is AlarmState.SEEN
    assert [each.state for each in alarms.open] == [AlarmState.SEEN]
    alarms.end_alarm(KIND)
    assert alarms.open == ()
    (over,) = alarms.over
    assert over.state is AlarmState.OVER
    assert over.since < over.seen < over.returned


def test_that_an_alarm_that_nobody_saw_stays_after_its_condition_is_normal_again(alarms: AlarmList) -> None:
    alarms.raise_alarm(KIND, ALARM)
    alarms.end_alarm(KIND)
    (entry,) = alarms.open
    assert entry.state is AlarmState.RETURNED
    alarms.acknowledge(entry.number)
    assert alarms.open == ()


def test_that_an_alarm_that_gets_worse_must_be_seen_again(alarms: AlarmList, messages: list) -> None:
    alarms.raise_alarm(KIND, ALARM)
    number = alarms.open[0].number
    alarms.acknowledge(number)
    alarms.raise_alarm(KIND, WORSE)
    (entry,) = alarms.open
    assert (entry.number, entry.state, entry.alarm) == (number, AlarmState.NOT_SEEN, WORSE)
    assert entry.since < entry.renewed
    assert [message.alarm for message in messages if isinstance(message, AlarmRaised)] == [ALARM, WORSE]


def test_that_an_alarm_that_comes_again_is_another_one(alarms: AlarmList) -> None:
    for _ in range(2):
        alarms.raise_alarm(KIND, ALARM)
        alarms.acknowledge(alarms.open[0].number)
        alarms.end_alarm(KIND)
    assert [entry.number for entry in alarms.over] == [2, 1]


def test_that_an_alarm_that_got_worse_before_the_touch_stays_to_be_seen(alarms: AlarmList) -> None:
    alarms.raise_alarm(KIND, ALARM)
    shown = alarms.open[0]
    alarms.raise_alarm(KIND, replace(ALARM, event="10 parts failed in a row."))
    assert alarms.acknowledge(shown.number, shown).seen is None
    assert alarms.acknowledge(shown.number, alarms.open[0]).state is AlarmState.SEEN


def test_that_every_change_is_published_with_the_open_alarms(alarms: AlarmList, messages: list) -> None:
    alarms.raise_alarm(AlarmKind.CAMERA_LOST, ALARM, "top")
    alarms.raise_alarm(AlarmKind.CAMERA_LOST, ALARM, "side")
    alarms.end_alarm(AlarmKind.CAMERA_LOST, "top")
    alarms.end_alarm(AlarmKind.CAMERA_LOST, "top")
    changes = [message.open for message in messages if isinstance(message, AlarmsChanged)]
    assert [[entry.subject for entry in change] for change in changes] == [["top"], ["side", "top"], ["side", "top"]]
    assert alarms.open == changes[-1]


def test_that_an_alarm_that_is_over_cannot_be_seen(alarms: AlarmList) -> None:
    with pytest.raises(BadInputError, match="no open alarm 1"):
        alarms.acknowledge(1)


def test_that_the_end_of_an_alarm_that_was_never_raised_is_nothing(alarms: AlarmList, messages: list) -> None:
    alarms.end_alarm(KIND)
    alarms.end_alarm(AlarmKind.CAMERA_LOST, None)
    assert messages == []


@given(st.lists(st.sampled_from(["raise", "end", "see"]), max_size=40))
def test_that_no_alarm_vanishes_without_a_person_and_a_normal_condition(steps: list[str]) -> None:
    alarms, held, seen = AlarmList(lambda _: None), False, True
    for step in steps:
        if step == "raise":
            alarms.raise_alarm(KIND, ALARM)
            held, seen = True, False
        elif step == "end":
            alarms.end_alarm(KIND)
            held = False
        elif alarms.open:
            alarms.acknowledge(alarms.open[0].number)
            seen = True
        assert bool(alarms.open) == (held or not seen)
