"""What was said of parts, which are still to be reviewed, and how far people agree with the station."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.shift_review import PartHistory, agreement_of
from station.domain.verdict import Verdict

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
GOOD, MISSED, CONFIRMED = Disposition.GOOD_PART, Disposition.MISSED_DEFECT, Disposition.CONFIRMED


def part(number: int, verdict: Verdict, *said: tuple[Disposition, str] | tuple[Disposition, str, bool]) -> PartHistory:
    key = PartKey(1, number)
    words = tuple(OperatorFeedback(key, claim, "", person, NOON, bool(review)) for claim, person, *review in said)
    return PartHistory(key, NOON + timedelta(seconds=number), verdict, words)


@st.composite
def histories(draw: st.DrawFn) -> PartHistory:
    said = st.tuples(st.sampled_from(list(Disposition)), st.sampled_from(["Ada", "Eve"]), st.booleans())
    words = [each if each[0].by_person else (each[0], "", False) for each in draw(st.lists(said, max_size=4))]
    return part(draw(st.integers(1, 99)), draw(st.sampled_from(Verdict)), *words)


@given(histories(), st.booleans())
def test_that_a_review_is_counted_as_what_was_meant(before: PartHistory, confirms: bool) -> None:
    if before.ended_good is None:
        return
    word = OperatorFeedback(before.key, before.claim(confirms=confirms), "", "Sue", NOON, in_review=True)
    after = PartHistory(before.key, before.triggered_at, before.verdict, (*before.said, word))
    assert after.agrees(word) is confirms
    assert after.counted_word is word
    assert (after.verdict, after.ended_good) == (before.verdict, before.ended_good)
    assert after.wants_review
    assert not after.is_open
    assert (word.claim is GOOD) is (before.ended_good is confirms)


@given(st.lists(histories(), max_size=12, unique_by=lambda each: each.key))
def test_that_every_number_is_counted_from_parts_and_the_rows_add_up(parts: list[PartHistory]) -> None:
    found = agreement_of(parts)
    everyone = sorted((*found.all.confirmed, *found.all.overruled))
    assert everyone == sorted(each.key for each in parts if each.counted_word is not None)
    for rows in (found.by_verdict, found.by_person):
        assert sorted(key for row in rows for key in (*row.confirmed, *row.overruled)) == everyone
        assert all(row.rate.n for row in rows)
    assert found.to_review == sum(each.wants_review for each in parts)
    still_open = sum(each.is_open for each in parts)
    assert found.reviewed + found.waiting + still_open == found.to_review


def test_that_a_supervisor_and_an_operator_are_counted_against_the_station() -> None:
    found = agreement_of(
        [
            part(1, Verdict.FAIL, (CONFIRMED, "Eve"), (GOOD, "Sue", True)),
            part(2, Verdict.FAIL, (CONFIRMED, "Eve")),
            part(3, Verdict.PASS, (MISSED, "Eve"), (GOOD, "Sue", True)),
            part(4, Verdict.REVIEW, (GOOD, "Eve")),
            part(5, Verdict.REVIEW, (Disposition.REVIEW_TIMED_OUT, ""), (GOOD, "Sue", True)),
            part(6, Verdict.REVIEW),
            part(7, Verdict.NOT_INSPECTED, (CONFIRMED, "Sue", True)),
            part(8, Verdict.FAIL),
            part(9, Verdict.PASS),
        ]
    )
    rows = {row.name: ([key.part for key in row.confirmed], [key.part for key in row.overruled])
            for row in (*found.by_verdict, *found.by_person)}  # fmt: skip
    assert rows == {
        "FAIL": ([2], [1]),
        "PASS": ([3], []),
        "REVIEW": ([], [5]),
        "NOT INSPECTED": ([7], []),
        "Eve": ([2], []),
        "Sue": ([3, 7], [1, 5]),
    }
    assert (found.reviewed, found.to_review, found.waiting) == (4, 8, 1)
    assert (found.all.rate.count, found.all.rate.n) == (3, 5)
    assert found.all.rate.interval[0] > 0.2


def test_that_a_part_is_open_again_if_somebody_at_the_line_speaks_after_its_review() -> None:
    assert part(1, Verdict.FAIL, (CONFIRMED, "Eve")).is_open
    assert not part(1, Verdict.FAIL, (CONFIRMED, "Sue", True)).is_open
    assert part(1, Verdict.FAIL, (CONFIRMED, "Sue", True), (GOOD, "Eve")).is_open
    assert not part(1, Verdict.PASS, (GOOD, "Eve")).wants_review
