"""How fast parts come."""

from ui.pages.line.throughput import Throughput


def paced(each_s: float, parts: int = 30) -> tuple[Throughput, float]:
    """The throughput after this many parts, and the time of the last."""
    pace = Throughput()
    for i in range(parts):
        pace.add(i * each_s)
    return pace, (parts - 1) * each_s


def test_that_throughput_is_given_in_parts_per_minute() -> None:
    pace, last_s = paced(0.5)
    assert pace.words(last_s) == "120 parts/min"


def test_that_one_part_has_no_pace() -> None:
    pace, last_s = paced(1, parts=1)
    assert pace.words(last_s) == ""


def test_that_a_fast_line_has_no_pace_any_more_some_seconds_after_its_last_part() -> None:
    pace, last_s = paced(0.14)
    assert pace.words(last_s + 4)
    assert pace.words(last_s + 6) == ""


def test_that_a_slow_line_keeps_its_pace_between_two_parts() -> None:
    pace, last_s = paced(30)
    assert pace.words(last_s + 60) == "2 parts/min"
    assert pace.words(last_s + 100) == ""


def test_that_a_line_that_goes_on_begins_a_pace_of_its_own() -> None:
    pace, last_s = paced(0.5)
    pace.forget()
    pace.add(last_s + 1)
    assert pace.words(last_s + 1) == ""
