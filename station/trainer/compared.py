"""Which pictures the exported model is compared on with the trained one."""

from collections.abc import Sequence

from station.learning.datasets import DatasetVersion
from station.learning.layout.labelled import LabelledPicture
from station.learning.spread import spread_out

_COMPARED = 60


def compared_pictures(
    dataset: DatasetVersion, learned: Sequence[LabelledPicture], scored: Sequence[str]
) -> list[LabelledPicture]:
    """Return pictures to compare the exported model with the detector on: some to measure with, else some learned."""
    names = {picture.name for picture in spread_out(dataset.pictures_of("test") or learned, _COMPARED)}
    return [picture for picture in dataset.pictures if picture.name in names.union(scored)]
