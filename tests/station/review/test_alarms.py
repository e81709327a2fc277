"""The alarm after several FAILs in a row."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from station.domain.alarm import Alarm
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.verdict import Verdict
from station.review.alarms import FailsInARowAlarm


def part(number: int, *verdicts: Verdict, place: str = "lower right") -> Inspection:
    names = ("top", "side") if len(verdicts) > 1 else ("",)
    views = tuple(_view(name, verdict, place) for name, verdict in zip(names, verdicts, strict=True))
    return Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), views)


def _view(name: str, verdict: Verdict, place: str) -> ViewInspection:
    regions = (Region(1, 1, 5, 5, 20, 0.9, place),) if verdict is Verdict.FAIL else ()
    return ViewInspection(verdict, "", "", 1.0, name, pred_score=0.5, regions=regions)


def raised(alarm_after: int, parts: Iterable[Inspection]) -> list[Alarm]:
    messages: list = []
    alarm = FailsInARowAlarm(alarm_after, messages.append)
    for one in parts:
        alarm.add_part(one)
    return [message.alarm for message in messages]


def row(verdicts: Sequence[Verdict]) -> list[Inspection]:
    return [part(number, verdict) for number, verdict in enumerate(verdicts, 1)]


def test_that_a_row_of_fails_alarms_once() -> None:
    (alarm,) = raised(3, row([Verdict.FAIL] * 7))
    assert alarm.event == "3 parts failed in a row."
    assert alarm.consequence
    assert alarm.action


def test_that_a_good_part_between_ends_the_row() -> None:
    assert raised(3, row([Verdict.FAIL, Verdict.FAIL, Verdict.PASS, Verdict.FAIL, Verdict.FAIL])) == []


def test_that_a_second_row_alarms_again() -> None:
    assert len(raised(2, row([Verdict.FAIL, Verdict.FAIL, Verdict.PASS, Verdict.FAIL, Verdict.FAIL]))) == 2


def test_that_the_same_place_points_at_fixture_and_lens() -> None:
    (alarm,) = raised(2, row([Verdict.FAIL] * 2))
    assert alarm.cause == "Always lower right."
    assert "lens" in alarm.action


def test_that_different_places_point_at_the_material() -> None:
    (alarm,) = raised(2, [part(1, Verdict.FAIL), part(2, Verdict.FAIL, place="upper left")])
    assert "material" in alarm.action


def test_that_the_same_place_of_one_camera_is_named_with_it() -> None:
    (alarm,) = raised(2, [part(number, Verdict.PASS, Verdict.FAIL) for number in (1, 2)])
    assert "side: lower right" in alarm.cause


def test_that_the_same_place_seen_by_two_cameras_is_not_one_place() -> None:
    (alarm,) = raised(2, [part(1, Verdict.PASS, Verdict.FAIL), part(2, Verdict.FAIL, Verdict.PASS)])
    assert "material" in alarm.action


@given(st.lists(st.sampled_from([Verdict.PASS, Verdict.REVIEW, Verdict.FAIL]), max_size=30))
def test_that_an_alarm_after_none_never_comes(verdicts: list[Verdict]) -> None:
    assert raised(0, row(verdicts)) == []
