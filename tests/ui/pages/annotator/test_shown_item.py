"""What the annotator says of a picture."""

from datetime import UTC, datetime

import pytest

from station.domain.dataset import DatasetItem, ItemSource, Label
from ui.pages.annotator.shown_item import said_of

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def item(label: Label, kind: str = "", person: str = "") -> DatasetItem:
    return DatasetItem(
        1, "tile", "", "0" * 64, "003.png", ItemSource.IMPORT, "003.png", label, kind, "", None, None, None, None, None,
        NOON, "Ada", person, NOON if person else None, "g", "train",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (item(Label.DEFECT, "scratch", "C. Meyer"), "defect: scratch, by C. Meyer"),
        (item(Label.GOOD, "", "C. Meyer"), "good, by C. Meyer"),
        (item(Label.UNLABELLED), "unlabelled"),
    ],
)
def test_that_a_label_is_said_with_its_kind_and_its_person(shown: DatasetItem, words: str) -> None:
    assert said_of(shown) == words
