"""On every real picture the exported model gives the verdict of the trained detector."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.teaching import teach
from station.workspace import Workspace

LEARNED = 12


def to_measure_with(picture: LabelledPicture) -> LabelledPicture:
    name = picture.name.replace("train/good/", "test/good/train_")
    return replace(picture, name=name, split="test")


def reading_of(folder: Path) -> Reading:
    """Learn from a few good pictures, and measure with all there are, these too."""
    everything = read_layout(folder).pictures
    train = [picture for picture in everything if picture.split == "train" and picture.kind == GOOD]
    learned = train[:: max(1, len(train) // LEARNED)][:LEARNED]
    measured = sorted((to_measure_with(picture) for picture in everything), key=lambda picture: picture.name)
    assert len({picture.name for picture in measured}) == len(everything)
    return Reading(folder, (*learned, *measured), has_split=True)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize(("name", "pictures"), [("bottle", 380), ("tile", 438), ("cookie", 85), ("pan", 98)])
def test_that_no_verdict_flips_by_the_export(
    shared_data: Path, tmp_path: Path, name: str, pictures: int, record_property: Callable[[str, str], None]
):
    taught = teach(reading_of(shared_data / name), name, Workspace.open(tmp_path))
    parity = taught.evaluation.parity
    assert parity is not None
    assert (parity.pictures, parity.verdict_flips) == (pictures, 0)
    assert parity.max_difference < 1e-3
    record_property(
        f"export of {name}, {pictures} pictures", f"no flip, largest difference {parity.max_difference:.1g}"
    )
