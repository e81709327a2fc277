"""What the band says: the live part, a FAIL for a second at least, an old verdict only as history."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.live_verdict import FAIL_HELD_S, BandContent, Beside, LiveVerdict
from station.domain.verdict import Verdict


def part(number: int, verdict: Verdict) -> Inspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    cause = None if judged else NotInspectedCause.TOO_DARK
    view = ViewInspection(verdict, "", "", 1.0, cause=cause, pred_score=0.5 if judged else None)
    return Inspection(PartKey(1, number), datetime(2026, 11, 22, tzinfo=UTC), (view,))


def test_that_a_line_without_a_part_has_no_verdict() -> None:
    assert LiveVerdict().content(1.0) == BandContent()


def test_that_a_fail_is_held_for_a_second_beside_what_comes_now() -> None:
    live = LiveVerdict()
    live.add_part(part(1, Verdict.FAIL), 10.0)
    assert live.content(10.1) == BandContent(Verdict.FAIL, "0001")
    live.add_part(part(2, Verdict.PASS), 10.25)
    assert live.content(10.3) == BandContent(Verdict.FAIL, "0001", Beside("NOW", Verdict.PASS, "part 0002"))
    assert live.content(11.01) == BandContent(Verdict.PASS, "0002")


def test_that_the_newest_of_two_fails_is_held() -> None:
    live = LiveVerdict()
    for number, verdict, now_s in ((1, Verdict.FAIL, 0.0), (2, Verdict.FAIL, 0.25), (3, Verdict.PASS, 0.5)):
        live.add_part(part(number, verdict), now_s)
    assert live.content(1.2).part == "0002"
    assert live.content(1.3) == BandContent(Verdict.PASS, "0003")


def test_that_an_old_verdict_steps_back() -> None:
    live = LiveVerdict()
    live.add_part(part(1, Verdict.PASS), 0.0)
    live.add_part(part(2, Verdict.FAIL), 8.0)
    assert live.content(39.0).verdict is Verdict.FAIL
    assert live.content(103.0) == BandContent(
        beside=Beside("LAST", Verdict.FAIL, "part 0002, 1\u00a0min\u00a035\u00a0s ago")
    )


def test_that_a_new_run_knows_nothing_of_the_last_one() -> None:
    live = LiveVerdict()
    live.add_part(part(1, Verdict.FAIL), 0.0)
    live.forget()
    assert live.content(0.1) == BandContent()


@given(st.lists(st.tuples(st.sampled_from(list(Verdict)), st.floats(0.02, 3.0)), min_size=1, max_size=30))
def test_that_the_band_shows_the_live_part_and_no_fail_for_less_than_a_second(parts) -> None:
    live, now_s, fails = LiveVerdict(), 0.0, []
    for number, (verdict, wait_s) in enumerate(parts, 1):
        live.add_part(part(number, verdict), now_s)
        fails += [(now_s, f"{number:04d}")] if verdict is Verdict.FAIL else []
        said, until_s = live.content(now_s), now_s + wait_s
        label = f"{number:04d}"
        assert said.part == label or (said.beside is not None and said.beside.detail == f"part {label}")
        assert said.verdict is not Verdict.PASS or not fails or now_s - fails[-1][0] >= FAIL_HELD_S
        assert live.content(now_s + 0.01).verdict is not None
        now_s = until_s


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.REVIEW, Verdict.NOT_INSPECTED])
def test_that_nothing_but_a_fail_is_held(verdict: Verdict) -> None:
    live = LiveVerdict()
    live.add_part(part(1, verdict), 0.0)
    live.add_part(part(2, Verdict.PASS), 0.1)
    assert live.content(0.1) == BandContent(Verdict.PASS, "0002")
