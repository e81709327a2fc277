"""What counts as a correction, and when enough have come together."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.corrections import ENOUGH, ENOUGH_MARKED, Corrections, Learned, corrections_of
from station.domain.dataset import DatasetItem, ItemSource, Label
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def item(number: int, label: Label, *, mask: str = "", verdict: Verdict | None = None) -> DatasetItem:
    part = None if verdict is None else PartKey(1, number)
    kind = "dent" if label is Label.DEFECT else ""
    return DatasetItem(
        number, "disc", "", f"sha{number}", f"{number}.png", ItemSource.LINE, "", label, kind, mask, part, verdict,
        None, None, None, NOON, "", "Ada", NOON, str(number), "test",
    )  # fmt: skip


def found(items: list[DatasetItem], learned: dict[str, Learned] | None = None, *disputed: PartKey) -> Corrections:
    return corrections_of("disc@3", items, {} if learned is None else learned, disputed)


GOOD, DEFECT, MASKED = Learned(True, False), Learned(False, False), Learned(False, True)


@pytest.mark.parametrize(
    ("corrected", "learned", "counted"),
    [
        (item(1, Label.DEFECT, mask="m"), None, (1, 0, 0)),
        (item(1, Label.DEFECT), None, (0, 1, 0)),
        (item(1, Label.DEFECT), GOOD, (0, 1, 0)),
        (item(1, Label.DEFECT), DEFECT, (0, 0, 0)),
        (item(1, Label.DEFECT, mask="m"), DEFECT, (1, 0, 0)),
        (item(1, Label.DEFECT, mask="m"), MASKED, (0, 0, 0)),
        (item(1, Label.DEFECT), MASKED, (0, 0, 0)),
        (item(1, Label.GOOD, verdict=Verdict.FAIL), None, (0, 0, 1)),
        (item(1, Label.GOOD, verdict=Verdict.REVIEW), None, (0, 0, 1)),
        (item(1, Label.GOOD, verdict=Verdict.FAIL), GOOD, (0, 0, 0)),
        (item(1, Label.GOOD), DEFECT, (0, 0, 1)),
        (item(1, Label.GOOD, verdict=Verdict.PASS), None, (0, 0, 0)),
        (item(1, Label.GOOD), None, (0, 0, 0)),
        (item(1, Label.UNLABELLED, verdict=Verdict.FAIL), None, (0, 0, 0)),
    ],
)
def test_that_only_what_the_model_does_not_know_is_a_correction(
    corrected: DatasetItem, learned: Learned | None, counted: tuple[int, int, int]
) -> None:
    seen = found([corrected], {} if learned is None else {"sha1": learned})
    assert (seen.marked, seen.unmarked, seen.good) == counted


@given(st.lists(st.tuples(st.sampled_from(list(Label)), st.booleans(), st.sampled_from([None, *Verdict]))))
def test_that_what_was_learned_as_it_is_labelled_now_is_never_a_correction(
    labels: list[tuple[Label, bool, Verdict | None]],
) -> None:
    items = [
        item(number, label, mask="m" if masked and label is Label.DEFECT else "", verdict=verdict)
        for number, (label, masked, verdict) in enumerate(labels)
    ]
    learned = {
        each.picture_sha256: Learned(each.label is Label.GOOD, bool(each.mask_sha256))
        for each in items
        if each.label is not Label.UNLABELLED
    }
    assert found(items, learned).count == 0
    assert found(items, learned).absent == 0


def test_that_five_marked_defects_or_ten_corrections_are_enough() -> None:
    marked = [item(number, Label.DEFECT, mask="m") for number in range(ENOUGH_MARKED)]
    assert found(marked).enough
    assert not found(marked[1:]).enough
    others = [item(number, Label.GOOD, verdict=Verdict.FAIL) for number in range(ENOUGH)]
    assert found(others).enough
    assert not found(others[1:]).enough


def test_that_disputed_parts_are_counted_until_they_are_labelled() -> None:
    there, labelled = item(1, Label.UNLABELLED, verdict=Verdict.PASS), item(2, Label.DEFECT, verdict=Verdict.PASS)
    seen = found([there, labelled], {}, PartKey(1, 1), PartKey(1, 2), PartKey(1, 3))
    assert (seen.disputed, seen.unlabelled, seen.count) == ((PartKey(1, 3),), 1, 1)


def test_that_the_sentence_names_every_kind_of_correction_and_what_had_passed() -> None:
    items = [
        item(1, Label.DEFECT, mask="m", verdict=Verdict.PASS),
        item(2, Label.DEFECT, mask="m"),
        item(3, Label.DEFECT),
        item(4, Label.GOOD, verdict=Verdict.FAIL),
    ]
    seen = found(items)
    assert seen.sentence == (
        "New since disc@3: 2 marked defects, 1 defect without a mask, 1 good part that was rejected. "
        "1 of the defects had passed."
    )
    assert replace(seen, traced=False).sentence.endswith("that disc@3 was taught from are not on this station.")
    assert found([]).sentence == ""


def test_that_a_synthetic_defect_corrects_nothing() -> None:
    drawn = replace(item(1, Label.DEFECT, mask="m"), kind="synthetic-dent")
    assert found([drawn]) == found([])
