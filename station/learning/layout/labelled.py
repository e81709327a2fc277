"""A picture with its label, and what a whole folder was taken for."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from station.camera.pictures.reading import ONLY_PAGE, PictureFile
from station.domain.synthetic import is_synthetic
from station.learning.labels import GOOD, Split

_MASK_ENDING = "_mask.png"


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture with its label.

    Attributes:
        name: Its place in the MVTec layout, POSIX: "test/crack/003.jpg".
        split: "train" to learn from, "test" to measure with.
        kind: "good", or the kind of defect.
        path: The picture's file.
        masks: The files that mark the defect's pixels, which are marked where any of them marks; () without one.
        page: Which picture of the file, counted from 1; `ONLY_PAGE` in a file with one.
        part: The part in the records that a person labelled, in words: "part 0007 of run 3"; "" for one of a folder.
    """

    name: str
    split: Split
    kind: str
    path: Path
    masks: tuple[Path, ...] = ()
    page: int = ONLY_PAGE
    part: str = ""

    @property
    def file(self) -> PictureFile:
        """Return the file and the page."""
        return PictureFile(self.path, self.page)

    @property
    def good(self) -> bool:
        """Return True if the part is labelled good."""
        return self.kind == GOOD

    @property
    def really_defective(self) -> bool:
        """Return True if the part is labelled defective, and its defect was not drawn."""
        return not self.good and not is_synthetic(self.kind)

    @property
    def mask_name(self) -> str:
        """Return the place of its mask in the MVTec layout: "ground_truth/crack/003_mask.png"."""
        inside = Path(self.name).relative_to(self.split).with_suffix("")
        return f"ground_truth/{inside.as_posix()}{_MASK_ENDING}"


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one subfolder that were taken for the same.

    Attributes:
        place: The subfolder, relative to the folder that was given; "" for that folder itself.
        taken_for: "good", "defects" or "masks".
        count: Number of files.
        split: What the pictures are for; None for masks.
    """

    place: str
    taken_for: str
    count: int
    split: Split | None

    def sentence(self, use_of_all: str = "") -> str:
        """Return the group in words: "24 good from OK, to learn from"; or with the one use that all pictures have."""
        use = {"train": ", to learn from", "test": ", to measure with", None: ""}[self.split]
        if use_of_all and self.split is not None:
            use = f", {use_of_all}"
        what = self.taken_for.removesuffix("s") if self.count == 1 else self.taken_for
        return f"{self.count} {what} from {self.place or 'the folder itself'}{use}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder was taken for.

    Attributes:
        folder: The folder that was given.
        pictures: Every picture that is used, sorted by name.
        groups: What each subfolder was taken for, sorted by place.
        notes: What was left out or decided, a sentence each.
        has_split: Folder names say what to learn from and what to measure with.
        assumed: Number of pictures that were taken as good because nothing says what they are.
    """

    folder: Path
    pictures: tuple[LabelledPicture, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    has_split: bool = False
    assumed: int = 0

    @property
    def measured(self) -> tuple[LabelledPicture, ...]:
        """Return the pictures to measure a recipe with: those for that purpose, or all if the names do not split."""
        tested = tuple(picture for picture in self.pictures if picture.split == "test")
        return tested if tested and self.has_split else self.pictures

    def as_json(self) -> dict[str, JsonValue]:
        """Return what was taken for what, by the names of the command line's JSON."""
        groups: list[JsonValue] = [
            {"folder": each.place, "taken_for": each.taken_for, "count": each.count, "use": each.split}
            for each in self.groups
        ]
        return {"groups": groups, "assumed_good": self.assumed, "notes": list(self.notes)}

    def sentences(self, *, only_measured: bool = False) -> list[str]:
        """Return what was taken for what, a line each, for a person to read before anything is learned.

        Args:
            only_measured: Nothing will be learned from the folder; without a split, all of it is measured with.
        """
        all_measured = only_measured and self.measured == self.pictures
        lines = [group.sentence("to measure with" if all_measured else "") for group in self.groups]
        if self.assumed:
            lines.append(f"no labels: all {self.assumed} taken as good")
        return lines + list(self.notes)
