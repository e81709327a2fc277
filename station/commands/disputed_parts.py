"""Parts in the records that a person called a missed defect: labelled defects without a mask."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from station.domain.errors import StationError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.recipes.recipe_of_product import names_of
from station.storage.recipes.recipes import Recipes
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture, Reading

KIND = "missed defect"


class DisputedParts:
    """The disputed parts of one product."""

    def __init__(self, feedback: FeedbackRecords, inspections: Inspections, recipes: Recipes) -> None:
        self._feedback = feedback
        self._inspections = inspections
        self._recipes = recipes

    def added_to(self, reading: "Reading", product: str, view: str) -> "Reading":
        """Return the pictures of a folder with those of parts that a person called a missed defect.

        Only parts with one view count, because nobody said which view of several shows the defect, and only those whose
        whole picture was kept unchanged. A part that failed and that a person called good is not learned: one wrong
        click would teach the model to pass a defect.

        Args:
            reading: What the folder was taken for.
            product: The type of part; any of its recipes may have judged the parts.
            view: The view that is taught.
        """
        from station.learning.layout.labelled import Group  # noqa: PLC0415 - loads the readers of pictures

        said = self._feedback.last_words(names_of(self._recipes.entries(), product))
        missed = [key for key, claim in said.items() if claim is Disposition.MISSED_DEFECT]
        found = [picture for key in missed if (picture := self._picture_of(key, view)) is not None]
        called_good = sum(claim is Disposition.GOOD_PART for claim in said.values())
        group = Group("the records of this station", f"{KIND}s", len(found), "test")
        return replace(
            reading,
            pictures=tuple(sorted((*reading.pictures, *found), key=lambda picture: picture.name)),
            groups=(*reading.groups, *([group] if found else [])),
            notes=(*reading.notes, *_notes(len(missed) - len(found), called_good)),
        )

    def _picture_of(self, key: PartKey, view: str) -> "LabelledPicture | None":
        """Return the whole picture of a part with one view; None if it cannot be learned from."""
        from station.learning.layout.labelled import LabelledPicture  # noqa: PLC0415 - loads the readers of pictures

        part = self._inspections.find_part(key)
        if part.view_names != (view,) or part.views[0].original is None:
            return None
        original = part.views[0].original
        try:
            self._inspections.pictures.read_bytes(original)
        except StationError:  # missing or changed: `verify` reports it, and it must not stop the teaching
            return None
        ending = PurePosixPath(original.path).suffix
        name = f"test/{KIND}/run{key.run_id:06}-part{key.part:06}{ending}"
        words = f"part {key.label} of run {key.run_id}"
        return LabelledPicture(name, "test", KIND, self._inspections.pictures.path_of(original), part=words)


def _notes(unusable: int, called_good: int) -> list[str]:
    notes = []
    if unusable:
        notes.append(
            f"missed defects in the records that were left out: {unusable} "
            "(of several views, of another view, or their whole picture was not kept or was changed)"
        )
    if called_good:
        notes.append(
            f"parts in the records that a person called good: {called_good}, not learned, "
            "because one wrong answer would teach to pass a defect; put their pictures into the folder if they are good"
        )
    return notes
