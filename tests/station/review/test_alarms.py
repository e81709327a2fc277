"""When alarms are raised, raised again, and over: rows, rates, cameras and the disk."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.alarm import Alarm, AlarmKind, AlarmState
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import UNLIKE, Inspection, PartKey, ViewInspection
from station.domain.messages import AlarmRaised, CameraLost, CameraReturned, LineState, LineStateChanged
from station.domain.verdict import Verdict
from station.review.alarm_list import AlarmList
from station.review.alarms import AlarmLimits, AlarmRules, alarms_at


def part(number: int, *verdicts: Verdict, place: str = "lower right") -> Inspection:
    names = ("top", "side") if len(verdicts) > 1 else ("",)
    views = tuple(_view(name, verdict, place) for name, verdict in zip(names, verdicts, strict=True))
    return Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), views)


def _view(name: str, verdict: Verdict, place: str) -> ViewInspection:
    regions = (Region(1, 1, 5, 5, 20, 0.9, place),) if verdict is Verdict.FAIL else ()
    if verdict is Verdict.NOT_INSPECTED:
        return ViewInspection(verdict, "", "", 1.0, name, NotInspectedCause.TOO_DARK)
    return ViewInspection(verdict, "", "", 1.0, name, pred_score=0.5, regions=regions)


def watched(limits: AlarmLimits) -> tuple[AlarmList, AlarmRules, list]:
    messages: list = []
    alarms = AlarmList(messages.append)
    return alarms, AlarmRules(alarms, limits), messages


def raised(alarm_after: int, parts: Iterable[Inspection]) -> list[Alarm]:
    _, rules, messages = watched(AlarmLimits(alarm_after, 0, 0))
    for one in parts:
        rules.add_part(one)
    return [message.alarm for message in messages if isinstance(message, AlarmRaised)]


def row(verdicts: Sequence[Verdict]) -> list[Inspection]:
    return [part(number, verdict) for number, verdict in enumerate(verdicts, 1)]


def test_that_a_row_of_fails_alarms_once_at_its_limit() -> None:
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


def test_that_a_row_that_goes_on_alarms_again_at_10_30_and_100() -> None:
    events = [alarm.event for alarm in raised(3, row([Verdict.FAIL] * 380))]
    assert events == [f"{length} parts failed in a row." for length in (3, 10, 30, 100, 300)]


def test_that_a_seen_row_stays_on_the_list_until_a_good_part() -> None:
    alarms, rules, _ = watched(AlarmLimits(3, 0, 0))
    for one in row([Verdict.FAIL] * 5):
        rules.add_part(one)
    alarms.acknowledge(alarms.open[0].number)
    rules.add_part(part(6, Verdict.FAIL))
    assert [entry.state for entry in alarms.open] == [AlarmState.SEEN]
    rules.add_part(part(7, Verdict.PASS))
    assert alarms.open == ()


def test_that_a_camera_with_another_setting_is_an_alarm_that_names_it() -> None:
    why = "picture does not fit the recipe: grey picture, taught in colour: check PixelFormat"
    alarms, rules, _ = watched(AlarmLimits(0, 3, 0))
    for number in (1, 2, 3):
        view = ViewInspection(Verdict.NOT_INSPECTED, why, "", 1.0, "", NotInspectedCause.WRONG_PICTURE)
        rules.add_part(Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,)))
    assert alarms.open[0].alarm.cause == f"Always: {why}."


def test_that_parts_that_are_not_inspected_in_a_row_are_an_alarm_with_their_cause() -> None:
    alarms, rules, messages = watched(AlarmLimits(3, 3, 0))
    for one in row([Verdict.NOT_INSPECTED] * 103):
        rules.add_part(one)
    events = [message.alarm.event for message in messages if isinstance(message, AlarmRaised)]
    assert events == [f"{length} parts in a row were not inspected." for length in (3, 10, 30, 100)]
    assert alarms.open[0].alarm.cause == "Always: picture too dark to judge."
    rules.add_part(part(104, Verdict.FAIL))
    assert alarms.open[0].state is AlarmState.RETURNED


@pytest.mark.parametrize(
    ("causes", "action"),
    [
        (("part_not_found", "part_leaves_picture"), "Check where the parts lie, and whether the camera has moved."),
        (("part_not_found", "too_dark"), "Check the camera, the light and the trigger, or call the engineer."),
    ],
)
def test_that_parts_out_of_place_are_an_alarm_that_says_so(causes, action) -> None:
    alarms, rules, _ = watched(AlarmLimits(0, 2, 0))
    for number, cause in enumerate(causes):
        view = ViewInspection(Verdict.NOT_INSPECTED, "", "", 1.0, "", NotInspectedCause(cause))
        rules.add_part(Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,)))
    assert alarms.open[0].alarm.action == action


def test_that_parts_cut_off_by_a_stop_are_no_alarm() -> None:
    cut = ViewInspection(Verdict.NOT_INSPECTED, "", "", 1.0, cause=NotInspectedCause.STOPPED)
    alarms, rules, _ = watched(AlarmLimits(3, 1, 0))
    rules.add_part(Inspection(PartKey(1, 1), datetime(2026, 11, 22, tzinfo=UTC), (cut,)))
    assert alarms.open == ()


def test_that_a_high_reject_rate_is_an_alarm_although_no_row_is_long() -> None:
    alarms, rules, _ = watched(AlarmLimits(3, 0, 0.4))
    for one in row([Verdict.FAIL, Verdict.PASS] * 10):
        rules.add_part(one)
    (entry,) = alarms.open
    assert (entry.kind, entry.alarm.event) == (AlarmKind.REJECT_RATE, "10 of the last 20 parts failed.")
    for one in row([Verdict.PASS] * 12):
        rules.add_part(one)
    assert alarms.open[0].state is AlarmState.RETURNED


def test_that_one_reject_in_three_is_below_the_usual_limit() -> None:
    alarms, rules, _ = watched(AlarmLimits())
    for one in row([Verdict.PASS, Verdict.FAIL, Verdict.PASS] * 40):
        rules.add_part(one)
    assert alarms.open == ()


def test_that_parts_unlike_the_product_point_at_the_chosen_product() -> None:
    view = ViewInspection(Verdict.FAIL, f"{UNLIKE} flange: is the right", "", 1.0, pred_score=0.9)
    parts = [Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,)) for number in (1, 2, 3)]
    (alarm,) = raised(3, parts)
    assert "do not look like" in alarm.cause
    assert "right product" in alarm.action


def test_that_a_lost_camera_is_an_alarm_until_it_is_back() -> None:
    alarms, rules, _ = watched(AlarmLimits())
    at = datetime(2026, 11, 22, tzinfo=UTC)
    for view in ("top", "side"):
        rules.note(CameraLost(f"camera {view}", at, "gone", view))
    assert {entry.alarm.event for entry in alarms.open} == {"The camera top is lost.", "The camera side is lost."}
    for entry in alarms.open:
        alarms.acknowledge(entry.number)
    rules.note(CameraReturned("camera top", at, 2.0, "top"))
    assert [entry.subject for entry in alarms.open] == ["side"]
    rules.note(LineStateChanged(LineState.STOPPED))
    assert alarms.open == ()


def test_that_a_disk_that_takes_no_records_is_an_alarm() -> None:
    alarms, rules, _ = watched(AlarmLimits())
    rules.note(LineStateChanged(LineState.DISK_BEHIND, "The disk does not take the records."))
    assert alarms.open[0].kind is AlarmKind.DISK_BEHIND
    rules.note(LineStateChanged(LineState.WAITING))
    assert alarms.open[0].state is AlarmState.RETURNED


def test_that_a_new_run_begins_without_a_row() -> None:
    alarms, rules, _ = watched(AlarmLimits(3, 0, 0))
    for one in row([Verdict.FAIL] * 3):
        rules.add_part(one)
    rules.note(LineStateChanged(LineState.STARTING))
    assert alarms.open[0].state is AlarmState.RETURNED
    rules.add_part(part(1, Verdict.FAIL))
    assert alarms.open[0].state is AlarmState.RETURNED


@given(st.integers(1, 5000), st.integers(1, 200))
def test_that_a_row_is_never_three_times_as_long_as_at_its_last_alarm(length: int, first: int) -> None:
    last = max((n for n in range(1, length + 1) if alarms_at(n, first)), default=0)
    assert last if length >= first else not last
    assert not last or length < max(3.34 * last, 10.0)
