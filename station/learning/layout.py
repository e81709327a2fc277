"""Labels from folder names: the MVTec layout, or just pictures of good parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from station.camera.pictures.listing import path_exists, picture_files
from station.camera.pictures.reading import ONLY_PAGE, PictureFile, pages_of
from station.domain.errors import BadInputError

GOOD = "good"
Split = Literal["train", "test"]
_MASK_ENDING = "_mask.png"


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture with its label.

    Attributes:
        name: Its place in the MVTec layout, POSIX: "test/crack/003.jpg".
        split: "train" to learn from, "test" to measure with.
        kind: "good", or the kind of defect.
        path: The picture's file.
        mask: The file that marks the defect's pixels; None without one.
        page: Which picture of the file, counted from 1; `ONLY_PAGE` in a file with one.
    """

    name: str
    split: Split
    kind: str
    path: Path
    mask: Path | None = None
    page: int = ONLY_PAGE

    @property
    def file(self) -> PictureFile:
        """Return the file and the page."""
        return PictureFile(self.path, self.page)

    @property
    def good(self) -> bool:
        """Return True if the part is labelled good."""
        return self.kind == GOOD

    @property
    def mask_name(self) -> str:
        """Return the place of its mask in the MVTec layout: "ground_truth/crack/003_mask.png"."""
        inside = Path(self.name).relative_to(self.split).with_suffix("")
        return f"ground_truth/{inside.as_posix()}{_MASK_ENDING}"


def read_layout(folder: Path) -> tuple[LabelledPicture, ...]:
    """Return every picture of `folder` with its label, sorted by name.

    A folder with `train/good` or `test` is read in MVTec layout (`train/good`, `test/good`, `test/<kind>`,
    `ground_truth/<kind>/<stem>_mask.png`), and so is its `test` folder alone; any other folder is taken as pictures of
    good parts to learn from.

    Raises:
        BadInputError: If the folder does not exist or is empty, or its names contradict each other.
    """
    if not path_exists(folder):
        raise BadInputError(f"There is no folder {folder}.", "Check the path.")
    if folder.name == "test" and any(part.is_dir() for part in folder.glob("*")):
        return tuple(sorted(_test_pictures(folder.parent), key=lambda picture: picture.name))
    if not any((folder / part).is_dir() for part in ("train", "test", "ground_truth")):
        return tuple(_good_parts(folder))
    pictures = (*_train_pictures(folder), *_test_pictures(folder))
    _require_masks_used(folder, pictures)
    return tuple(sorted(pictures, key=lambda picture: picture.name))


def _good_parts(folder: Path) -> Iterator[LabelledPicture]:
    _require_no_kinds(folder)
    for path in picture_files(folder):
        if path.name.endswith(_MASK_ENDING):
            raise BadInputError(
                f"{path} marks a defect, but {folder} is not in MVTec layout, so all of it would be taken as good.",
                "Sort the pictures into train/good, test/good, test/<kind> and ground_truth/<kind>.",
            )
        yield from _labelled(folder, path, "train", GOOD)


def _require_no_kinds(folder: Path) -> None:
    """A folder `good` next to others means that the others hold defects; they must not be learned as good."""
    kinds = sorted(part.name for part in folder.glob("*") if part.is_dir())
    if GOOD in kinds and len(kinds) > 1:
        raise BadInputError(
            f"{folder} sorts its pictures into {', '.join(kinds)}, but is not in MVTec layout.",
            "Put these folders into test, and the good parts to learn from into train/good.",
        )


def _train_pictures(folder: Path) -> Iterator[LabelledPicture]:
    if (folder / "train").is_dir():
        for path in picture_files(folder / "train" / GOOD):
            yield from _labelled(folder / "train" / GOOD, path, "train", GOOD)


def _test_pictures(folder: Path) -> Iterator[LabelledPicture]:
    if not (folder / "test").is_dir():
        return
    for kind in sorted(part for part in (folder / "test").iterdir() if part.is_dir()):
        for path in picture_files(kind):
            mask = folder / "ground_truth" / path.relative_to(folder / "test").with_suffix("")
            mask = mask.with_name(mask.name + _MASK_ENDING)
            yield from _labelled(kind, path, "test", kind.name, mask if mask.is_file() else None)


def _labelled(above: Path, path: Path, split: Split, kind: str, mask: Path | None = None) -> Iterator[LabelledPicture]:
    """Yield each picture of the file: "train/good/stack.tif", or "train/good/stack page 1.tif" and so on."""
    for file in pages_of(path):
        place = path.relative_to(above).with_stem(file.named(path.stem)).as_posix()
        yield LabelledPicture(f"{split}/{kind}/{place}", split, kind, path, mask, file.page)


def _require_masks_used(folder: Path, pictures: tuple[LabelledPicture, ...]) -> None:
    """A mask without its picture is a mistake in the names, and would be ignored silently."""
    if not (folder / "ground_truth").is_dir():
        return
    used = {picture.mask for picture in pictures}
    for mask in sorted((folder / "ground_truth").rglob(f"*{_MASK_ENDING}")):
        if mask not in used:
            raise BadInputError(
                f"{mask} belongs to no picture in {folder / 'test'}.",
                "Name it after its picture: test/<kind>/<stem>.png has ground_truth/<kind>/<stem>_mask.png.",
            )
