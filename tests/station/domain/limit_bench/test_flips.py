"""Which pictures get another verdict."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from scores import bench_of, of_line, of_set

from station.domain.inspection import PartKey
from station.domain.limit_bench.flips import TURNS, flips
from station.domain.limit_bench.scored_pictures import BINS, DEFECT, GOOD, UNLABELLED
from station.domain.verdict import JUDGED, Limits, Verdict

thresholds = st.floats(0.01, 0.99)


@st.composite
def limits(draw) -> Limits:
    fail = draw(thresholds)
    return Limits(fail, draw(st.none() | st.floats(0.001, fail, exclude_max=True)), 0.5, draw(st.sampled_from([0, 30])))


def test_that_what_could_let_a_bad_part_pass_comes_first_and_the_nearest_of_it() -> None:
    parts = of_line([0.52, 0.58, 0.65, 0.45, 0.3])
    found = flips(bench_of(parts=parts), Limits(0.5, 0.4), Limits(0.6, 0.59), 10)
    assert found.counts == {(Verdict.FAIL, Verdict.PASS): 2, (Verdict.REVIEW, Verdict.PASS): 1}
    assert [flip.picture.key for flip in found.first] == [PartKey(1, 2), PartKey(1, 1), PartKey(1, 4)]
    assert found.total == 3


def test_that_known_defects_that_pass_now_are_counted() -> None:
    labelled = of_set([0.55, 0.56, 0.7], [DEFECT, GOOD, DEFECT])
    found = flips(bench_of(labelled), Limits(0.5), Limits(0.6), 10)
    assert found.defects_passed == 1
    assert {flip.picture.name for flip in found.first} == {"test/0.png", "test/1.png"}
    assert all(flip.picture.key is None for flip in found.first)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), limits(), limits(), st.integers(1, 8))
def test_that_every_picture_with_another_verdict_is_counted_once(scores, before, after, most) -> None:
    parts = of_line(scores)
    found = flips(bench_of(parts=parts), before, after, most)
    was, now = parts.verdicts(before), parts.verdicts(after)
    turned = Counter((JUDGED[a], JUDGED[b]) for a, b in zip(was, now, strict=True) if a != b)
    assert dict(found.counts) == dict(turned)
    assert len(found.first) == min(most, found.total)
    order = [TURNS.index((flip.before, flip.after)) for flip in found.first]
    assert order == sorted(order)


def test_that_the_same_limits_change_nothing() -> None:
    found = flips(bench_of(parts=of_line([0.1, 0.9])), Limits(), Limits(), 5)
    assert (found.total, found.first, dict(found.counts)) == (0, (), {})


def test_that_each_score_lies_in_one_step_of_the_histogram() -> None:
    parts = of_line([0.0, 0.005, 0.5, 1.0], [GOOD, UNLABELLED, UNLABELLED, DEFECT])
    assert parts.histogram(UNLABELLED).nonzero()[0].tolist() == [0, BINS // 2]
    assert parts.histogram(DEFECT)[-1] == 1
    assert sum(parts.histogram(label).sum() for label in (GOOD, DEFECT, UNLABELLED)) == 4
