"""What a draft makes of corrected parts, in counts and in sentences."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from station.domain.candidate import Outcome
from station.domain.formatting import SPACE
from station.domain.inspection import PartKey
from station.domain.tried_corrections import BothVerdicts, TriedCorrections, tried_corrections
from station.domain.verdict import Verdict

PASS, REVIEW, FAIL = Verdict.PASS, Verdict.REVIEW, Verdict.FAIL
LABELS = ("disc@1", "disc@2")


def both(champion: Verdict, candidate: Verdict, recorded: Verdict | None = None) -> BothVerdicts:
    return BothVerdicts(recorded or champion, champion, Outcome.JUDGED, candidate)


def tried(parts: list[tuple[bool, BothVerdicts]], others=None, known: tuple[int, ...] = ()) -> TriedCorrections:
    """Of parts 1, 2 ...: whether a person called each good, and what both make of it; and how many others there are."""
    counted = Counter((part.champion, part.candidate) for _, part in parts if part.compared)
    counted.update(others or {})
    keys = [PartKey(1, number + 1) for number in range(len(parts))]
    said = {key: good for key, (good, _) in zip(keys, parts, strict=True)}
    seen = {key: part for key, (_, part) in zip(keys, parts, strict=True)}
    return tried_corrections(LABELS, said, seen, counted, [PartKey(1, number) for number in known])


def words(found: TriedCorrections) -> str:
    return found.sentence.replace(SPACE, " ")


def test_that_corrections_are_counted_before_and_after() -> None:
    missed, rejected = (False, both(PASS, FAIL)), (True, both(FAIL, PASS))
    found = tried([missed, missed, rejected, (False, both(PASS, PASS))], known=(1, 3, 9))
    assert (found.before.count, found.after.count, found.after.n, found.known) == (0, 3, 4, 2)
    assert words(found).startswith(
        "3 of 4 corrections are judged right by disc@2 (19 to 99 %), before: 0 of 4. "
        "2 of them are in the dataset that it was taught with."
    )


def test_that_a_later_released_revision_may_judge_a_correction_right_before() -> None:
    found = tried([(False, both(FAIL, REVIEW, recorded=PASS)), (False, both(PASS, FAIL))])
    assert (found.before.count, found.after.count, found.after.n) == (1, 2, 2)


def test_that_good_parts_that_would_be_rejected_are_said_with_those_before() -> None:
    others = {(PASS, PASS): 996, (PASS, FAIL): 2, (PASS, REVIEW): 1, (FAIL, FAIL): 7, (FAIL, PASS): 2}
    found = tried([(True, both(FAIL, PASS)), (False, both(PASS, FAIL))], others)
    good = found.passed_parts
    assert (good.parts, good.kept_before, good.kept_after) == (1000, 1, 3)
    assert "It rejects 3 of 1 000 parts taken for good, before: 1." in words(found)
    few = tried([(True, both(FAIL, PASS))], {(PASS, FAIL): 1, (PASS, PASS): 8})
    assert "It rejects 1 of 10 parts taken for good (0 to 45 %), before: 1." in words(few)


def test_that_a_confirmed_reject_that_would_pass_is_said() -> None:
    found = tried([(False, both(FAIL, PASS)), (False, both(FAIL, FAIL)), (True, both(FAIL, PASS))])
    assert found.after.n == 1
    assert "It passes 1 of 2 confirmed rejects." in words(found)


def test_that_corrections_without_their_pictures_are_said() -> None:
    gone = (False, BothVerdicts(PASS, PASS, Outcome.NO_PICTURE))
    lost = (True, BothVerdicts(FAIL, FAIL, Outcome.FAILED))
    found = tried([gone, gone, lost, (False, BothVerdicts(PASS, PASS))])
    assert (found.not_kept, found.lost, found.waiting) == (2, 1, 1)
    assert words(found) == (
        "disc@2 has judged none of the corrected parts yet. Corrections that were not judged: 2 whose whole picture is "
        "not there any more or was not kept, 1 whose picture is lost or was changed, 1 not tried yet."
    )


def test_that_nothing_is_said_without_corrections() -> None:
    assert tried([], {(PASS, PASS): 5}).sentence == ""
    assert tried([(False, both(Verdict.NOT_INSPECTED, FAIL))]).sentence == ""


_VERDICTS = st.sampled_from([PASS, REVIEW, FAIL])


@given(st.lists(st.tuples(st.booleans(), _VERDICTS, _VERDICTS), max_size=30), st.integers(0, 50))
def test_that_no_part_is_counted_twice(parts: list[tuple[bool, Verdict, Verdict]], others: int) -> None:
    found = tried([(good, both(before, after)) for good, before, after in parts], {(PASS, PASS): others})
    good = [(before, after) for good, before, after in parts if good]
    assert found.passed_parts.parts == others + len(good)
    assert found.passed_parts.kept_after == sum(after is not PASS for _, after in good)
    assert found.passed_parts.kept_before == sum(before is not PASS for before, _ in good)
    assert found.defects.parts + found.confirmed.parts == sum(not good for good, _, _ in parts)
    assert found.after.n == sum(good is not (before is PASS) for good, before, _ in parts)
