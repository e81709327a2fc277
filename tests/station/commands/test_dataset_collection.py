"""Parts come from the line into the working set by policy, with the part that they show."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import until

from station.app import Station
from station.domain.clock import utc_now
from station.domain.collection import CollectionPolicy
from station.domain.dataset import DatasetItem, ItemSource, Label
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from station.learning.working_set.choosing import Chooser
from station.storage.learning.line_parts import LinePart
from station.storage.records.feedback import FeedbackRecords

PRODUCT = "Steel plate"


def run_line(station: Station, count: int = 6) -> None:
    station.line.load_recipe("plate")
    station.line.start(count=count)
    assert station.line.wait_stopped(30)


def items_of(station: Station) -> tuple[DatasetItem, ...]:
    return station.datasets.items(PRODUCT)


def test_that_a_running_line_is_collected_by_policy_with_the_part_and_its_score(station: Station) -> None:
    station.datasets.set_collection(PRODUCT, CollectionPolicy(near_limit=1.0))
    run_line(station)
    until(lambda: len(items_of(station)) == 2)

    parts = {part.key: part for part in station.records.recent()}
    for item in items_of(station):
        assert item.part is not None
        seen = parts[item.part].views[0]
        assert (item.verdict, item.score, item.limit) == (seen.verdict, seen.pred_score, seen.image_threshold)
        assert (item.source, item.label, item.origin) == (ItemSource.LINE, Label.UNLABELLED, "near the limit")
        assert (item.name, item.taken_at) == (f"part {item.part.label}", parts[item.part].triggered_at)


def test_that_only_whole_unchanged_originals_are_collected_also_afterwards(station: Station) -> None:
    run_line(station)
    failed = [part for part in station.records.recent() if part.verdict is Verdict.FAIL]
    assert len(failed) == 2
    record = station._core.inspections.find_part(failed[0].key)
    path = station.workspace.pictures / record.views[0].original.path
    path.write_bytes(path.read_bytes() + b"changed")
    station.datasets.set_collection(PRODUCT, CollectionPolicy(near_limit=1.0))

    added = station.datasets.collect_stored(PRODUCT)

    collected = {item.part for item in items_of(station)}
    assert failed[1].key in collected
    assert failed[0].key not in collected
    again = station.datasets.collect_stored(PRODUCT)
    assert (again.item_ids, len(added.item_ids)) == ((), len(collected))


@pytest.mark.slow
def test_that_a_disputed_part_is_collected_when_a_person_says_so(station: Station) -> None:
    station.datasets.set_collection(PRODUCT, CollectionPolicy(disputed=True))
    run_line(station)
    assert items_of(station) == ()
    failed = next(part for part in station.records.recent() if part.verdict is Verdict.FAIL)

    station.review.give_feedback(failed.key, Disposition.GOOD_PART, "dust", "Ada")

    until(lambda: len(items_of(station)) == 1)
    (item,) = items_of(station)
    assert (item.part, item.origin, item.verdict) == (failed.key, "disputed: good part", Verdict.FAIL)
    station.datasets.label([item.item_id], Label.GOOD)
    assert items_of(station)[0].disagrees


def test_that_a_cap_ends_the_collection_and_says_so(station: Station) -> None:
    run_line(station)
    station.datasets.set_collection(PRODUCT, CollectionPolicy(near_limit=1.0, most_items=1))
    added = station.datasets.collect_stored(PRODUCT)
    assert len(added.item_ids) == len(items_of(station)) == 1
    assert station.datasets.collection(PRODUCT).full
    assert added.notes == ("the cap is reached: nothing more is collected",)


def test_that_chosen_parts_that_passed_come_in_while_their_originals_wait(station: Station) -> None:
    run_line(station)
    parts = {part.key: part.verdict for part in station.records.recent()}
    ring = station._core.originals.ring
    until(lambda: len(ring.keys) == 4)
    station.datasets.collect_parts(list(parts), "Ada")
    assert {item.part: item.verdict for item in items_of(station)} == parts
    assert ring.keys == ()


def test_that_chosen_parts_come_in_and_those_without_a_picture_are_named(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station._core.originals.ring, "most_parts", 0)
    run_line(station)
    parts = {part.key: part.verdict for part in station.records.recent()}
    added = station.datasets.collect_parts(list(parts), "Ada")
    assert {item.verdict for item in items_of(station)} == {Verdict.FAIL}
    assert len(added.item_ids) == 2
    assert added.notes[0].startswith("left out, without a whole picture: part 0001")
    with pytest.raises(BadInputError, match="cannot come into a dataset"):
        station.datasets.collect_parts([PartKey(99, 1)])


def test_that_collecting_without_a_policy_is_refused(station: Station) -> None:
    with pytest.raises(BadInputError, match="No parts of 'Steel plate' are to be collected"):
        station.datasets.collect_stored(PRODUCT)
    with pytest.raises(BadInputError):
        CollectionPolicy(every_nth_pass=-1)


@pytest.mark.slow
def test_that_the_policy_is_in_force_again_after_a_restart(station: Station) -> None:
    policy = CollectionPolicy(every_nth_pass=7, disputed=True)
    station.datasets.set_collection(PRODUCT, policy, "Ada")
    root: Path = station.workspace.root
    station.close()
    with Station.open(root, station.settings) as again:
        assert again.datasets.collection(PRODUCT).policy == policy
        run_line(again)
        failed = next(part for part in again.records.recent() if part.verdict is Verdict.FAIL)
        FeedbackRecords(again._core.database).add(
            OperatorFeedback(failed.key, Disposition.MISSED_DEFECT, "", "Ada", utc_now())
        )
        until(lambda: len(items_of(again)) == 1)


def part(number: int, verdict: Verdict = Verdict.PASS, **others: object) -> LinePart:
    fields: dict[str, object] = {
        "key": PartKey(1, number), "recipe": ("plate", 1), "view": "", "verdict": verdict, "view_verdict": verdict,
        "score": None if verdict is Verdict.NOT_INSPECTED else 0.3, "limit": 0.5, "has_original": True, "said": None,
        "in_production": True,
    }  # fmt: skip
    return LinePart(**{**fields, **others})


@given(
    verdicts=st.lists(st.sampled_from(Verdict), max_size=60),
    kept=st.lists(st.booleans(), min_size=60, max_size=60),
    every=st.integers(1, 5),
)
def test_that_at_most_one_in_n_passes_comes_in_and_never_what_was_not_inspected(
    verdicts: list[Verdict], kept: list[bool], every: int
) -> None:
    chooser = Chooser(CollectionPolicy(every_nth_pass=every))
    parts = [part(n, verdict, has_original=whole) for n, (verdict, whole) in enumerate(zip(verdicts, kept), 1)]  # noqa: B905
    chosen = [each for each in parts if chooser.reason_for(each)]
    assert {each.verdict for each in chosen} <= {Verdict.PASS}
    assert all(each.has_original for each in chosen)
    passed = sum(each.verdict is Verdict.PASS for each in parts)
    assert len(chosen) <= passed // every
    if all(kept):
        assert len(chosen) == passed // every


RULES: dict[str, tuple[CollectionPolicy, LinePart]] = {
    "near": (CollectionPolicy(near_limit=0.05), part(1, score=0.46)),
    "missed": (CollectionPolicy(disputed=True), part(1, said=Disposition.MISSED_DEFECT)),
    "overkill": (CollectionPolicy(disputed=True), part(1, Verdict.FAIL, said=Disposition.GOOD_PART)),
    "reviewed": (CollectionPolicy(reviewed=True), part(1, Verdict.REVIEW, said=Disposition.CONFIRMED)),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    "spoilt",
    [lambda p: {"has_original": False}, lambda p: {"in_production": False}, lambda p: {"view_verdict": _NONE}],
)
def test_that_each_rule_chooses_whole_inspected_parts_of_production_only(
    name: str, spoilt: Callable[[LinePart], dict[str, object]]
) -> None:
    policy, chosen = RULES[name]
    assert Chooser(policy).reason_for(chosen)
    assert not Chooser(CollectionPolicy()).reason_for(chosen)
    fields = {each: getattr(chosen, each) for each in LinePart.__slots__}
    assert not Chooser(policy).reason_for(LinePart(**{**fields, **spoilt(chosen)}))


_NONE = Verdict.NOT_INSPECTED


def test_that_a_confirmed_failure_is_not_a_dispute() -> None:
    chooser = Chooser(CollectionPolicy(disputed=True))
    assert not chooser.reason_for(part(1, Verdict.FAIL, said=Disposition.CONFIRMED))
    assert not chooser.reason_for(part(1, Verdict.PASS, said=Disposition.GOOD_PART))
