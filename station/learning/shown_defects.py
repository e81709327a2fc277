"""Which labelled defects a teaching may use, and which pictures are left to measure with."""

from collections.abc import Sequence
from itertools import groupby

from station.domain.errors import BadInputError
from station.learning.datasets import DatasetVersion
from station.learning.layout.labelled import LabelledPicture
from station.learning.presets import LimitFrom


def split_for_limits(
    dataset: DatasetVersion, limit_from: LimitFrom
) -> tuple[Sequence[LabelledPicture], Sequence[LabelledPicture]]:
    """Return the defects to set the limit with, and the test pictures to measure with; none is in both.

    Synthetic defects never set a limit.

    Raises:
        BadInputError: If the limit has to come from labelled defects, and there are none.
    """
    tested = dataset.pictures_of("test")
    if limit_from == "good":
        return (), tested
    kinds = groupby((picture for picture in tested if picture.really_defective), key=lambda picture: picture.kind)
    shown = [picture for _, kind in kinds for picture in _first_half(list(kind))]
    if not shown:
        raise BadInputError(
            f"There is no labelled defect of '{dataset.product}' to set the limit from.",
            "Add test/<kind> folders with defects, or set the limit from good parts.",
        )
    return shown, [picture for picture in tested if picture not in shown]


def _first_half(pictures: list[LabelledPicture]) -> list[LabelledPicture]:
    """Return the first half; neighbours stay together, because pictures of one part have consecutive names."""
    return pictures[: (len(pictures) + 1) // 2]


def real_defects(dataset: DatasetVersion) -> list[LabelledPicture]:
    """Return the pictures of labelled defects that were not drawn."""
    return [picture for picture in dataset.pictures_of("test") if picture.really_defective]


def require_defects(dataset: DatasetVersion) -> None:
    """Raise BadInputError if there is no labelled defect to learn from; synthetic ones are not learned."""
    if not real_defects(dataset):
        raise BadInputError(
            f"There is no labelled defect of '{dataset.product}' to learn from.",
            "Add folders with defects, such as test/crack, or teach from good parts alone.",
        )
