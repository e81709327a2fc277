"""The alarm after several FAILs in a row."""

from station.domain.geometry import Region
from station.domain.verdict import Verdict
from ui.pages.line.alarm_banner import Kind
from ui.pages.line.fails_alarm import FailsInARow


def told(alarm: FailsInARow, parts) -> list:
    return [entry for part in parts if (entry := alarm.add(part)) is not None]


def test_that_a_row_of_fails_alarms_once(make_inspection) -> None:
    alarm = FailsInARow(3)
    (entry,) = told(alarm, [make_inspection(part, Verdict.FAIL) for part in range(1, 8)])
    assert entry.kind is Kind.ALARM
    assert entry.sentence == "3 parts failed in a row."


def test_that_a_good_part_between_ends_the_row(make_inspection) -> None:
    verdicts = [Verdict.FAIL, Verdict.FAIL, Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
    assert told(FailsInARow(3), [make_inspection(i, verdict) for i, verdict in enumerate(verdicts, 1)]) == []


def test_that_the_same_place_points_at_fixture_and_lens(make_inspection) -> None:
    (entry,) = told(FailsInARow(2), [make_inspection(part, Verdict.FAIL) for part in (1, 2)])
    assert "Always lower right" in entry.advice
    assert "lens" in entry.advice


def test_that_different_places_point_at_the_material(make_inspection) -> None:
    elsewhere = (Region(1, 1, 5, 5, 20, 0.9, "upper left"),)
    parts = [make_inspection(1, Verdict.FAIL), make_inspection(2, Verdict.FAIL, regions=elsewhere)]
    (entry,) = told(FailsInARow(2), parts)
    assert "material" in entry.advice


def test_that_an_alarm_after_none_never_comes(make_inspection) -> None:
    assert told(FailsInARow(0), [make_inspection(part, Verdict.FAIL) for part in range(1, 9)]) == []


def test_that_the_same_place_of_one_camera_is_named_with_it(make_inspection) -> None:
    (entry,) = told(FailsInARow(2), [make_inspection(part, Verdict.PASS, Verdict.FAIL) for part in (1, 2)])
    assert "Always side, lower right" in entry.advice


def test_that_the_same_place_seen_by_two_cameras_is_not_one_place(make_inspection) -> None:
    parts = [make_inspection(1, Verdict.PASS, Verdict.FAIL), make_inspection(2, Verdict.FAIL, Verdict.PASS)]
    (entry,) = told(FailsInARow(2), parts)
    assert "material" in entry.advice
