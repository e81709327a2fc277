"""Exports the labelled items of a working set in forms that other programs read: MVTec folders, and COCO."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.domain.dataset import DatasetItem, Label
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.names import file_name, readable
from station.learning.labels import GOOD
from station.learning.layout.kind_names import folder_of_kind, is_silent
from station.learning.progress import OnProgress, no_progress, with_progress
from station.learning.working_set.working_sets import WorkingSets
from station.storage.pictures.encoding import encode_mask
from station.workspace import sync_folder, write_through

_LONGEST_STEM = 60
_LONGEST_STEM_BYTES = 180
"""With hash, ending and "_mask" a name stays below the 255 bytes that file systems take."""
_HASH_DIGITS = 12
_ANNOTATIONS = "annotations.json"
_MARKED = 255


def exported_name(item: DatasetItem) -> str:
    """Return a file name without ending that says what people call the picture, and that no other picture has.

    It says nothing else, or a good part named "NG_3" would not come in again. Letters of a hash can be a word: "bad".
    """
    stem = file_name(PurePath(item.name).stem)[:_LONGEST_STEM].encode()[:_LONGEST_STEM_BYTES].decode(errors="ignore")
    letters = item.picture_sha256[:_HASH_DIGITS]
    digits = int(letters, 16)
    names = (f"{stem}-{letters}", f"{stem}-{digits}", f"picture-{digits}")
    return next(filter(is_silent, names), names[-1])


def exported_folder(item: DatasetItem) -> str:
    """Return the name of the folder for a labelled picture: "good", or that of its kind of defect."""
    return GOOD if item.label is Label.GOOD else folder_of_kind(item.kind)


class Exporter:
    """Exports working sets into new folders: whole, or not at all."""

    def __init__(self, sets: WorkingSets) -> None:
        self._sets = sets

    def export_mvtec(self, product: str, view: str, target: Path, on_progress: OnProgress = no_progress) -> int:
        """Write train/good, test/good, test/<kind> and ground_truth/<kind>; return the number of pictures.

        Raises:
            BadInputError: Nothing is labelled, or the folder is there already or cannot be written.
            StorageError: A file of the dataset is missing or was changed.
        """
        return self._into(target, self._labelled(product, view), self._mvtec, on_progress)

    def export_coco(self, product: str, view: str, target: Path, on_progress: OnProgress = no_progress) -> int:
        """Write `images` and `annotations.json`, with the masks as run lengths and the kinds as categories.

        A mask gives an annotation for each kind in it; what is good has none. Unlabelled pictures are left out.

        Raises:
            BadInputError, StorageError: As `export_mvtec`.
        """
        return self._into(target, self._labelled(product, view), self._coco, on_progress)

    def _labelled(self, product: str, view: str) -> list[DatasetItem]:
        items = [item for item in self._sets.items(product, view) if item.label is not Label.UNLABELLED]
        if not items:
            raise BadInputError(f"No picture of '{product}' is labelled, so there is nothing to export.", "Label some.")
        return items

    def _into(
        self,
        target: Path,
        items: Sequence[DatasetItem],
        write: Callable[[Path, Iterator[DatasetItem]], None],
        on_progress: OnProgress,
    ) -> int:
        if target.exists():
            raise BadInputError(f"{readable(str(target))} is there already.", "Name a folder that does not exist yet.")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".exporting-", dir=target.parent) as temporary:
                whole = Path(temporary) / "whole"
                whole.mkdir()
                write(whole, with_progress(items, "Exporting pictures", on_progress))
                whole.rename(target)
            sync_folder(target.parent)
        except OSError as error:
            raise BadInputError(
                f"{readable(str(target))} cannot be written: {reason_of(error)}.", "Choose another folder."
            ) from error
        return len(items)

    def _mvtec(self, folder: Path, items: Iterator[DatasetItem]) -> None:
        for item in items:
            kind = exported_folder(item)
            self._copy(item, folder / item.split / kind)
            if item.mask_sha256:
                mask = self._sets.files_of(item.product).mask(item.mask_sha256)
                content = encode_mask(np.where(mask > 0, np.uint8(_MARKED), np.uint8(0)))
                _write(folder / "ground_truth" / kind / f"{exported_name(item)}_mask.png", content)

    def _coco(self, folder: Path, items: Iterator[DatasetItem]) -> None:
        images: list[dict[str, object]] = []
        annotations: list[dict[str, object]] = []
        product = ""
        for item in items:
            product = item.product
            name = self._copy(item, folder / "images")
            height, width = self._sets.picture(item.item_id).shape[:2]
            images.append(_image(item, f"images/{name}", height, width))
            if item.mask_sha256:
                mask = self._sets.files_of(product).mask(item.mask_sha256)
                annotations += _annotations(item.item_id, mask, len(annotations))
        kinds = self._sets.kinds_of(product)
        categories = [{"id": kind.number, "name": kind.name, "supercategory": "defect"} for kind in kinds]
        content = {"info": {"description": product}, "images": images, "annotations": annotations,
                   "categories": categories}  # fmt: skip
        _write(folder / _ANNOTATIONS, json.dumps(content).encode())

    def _copy(self, item: DatasetItem, folder: Path) -> str:
        """Copy the file of a picture as it came, and return its name."""
        product, sha256, ending = self._sets.records.file_of(item.item_id)
        source = self._sets.files_of(product).require_unchanged(sha256, ending)
        name = f"{exported_name(item)}{ending}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
        return name


def run_lengths(marked: NDArray[np.bool_]) -> list[int]:
    """Return a mask, (H, W), as COCO counts: column by column, how many are unmarked, marked, unmarked ..."""
    flat = marked.ravel(order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    ends = np.concatenate([[0], changes, [flat.size]])
    lengths = [int(length) for length in np.diff(ends)]
    return [0, *lengths] if flat[0] else lengths


def _image(item: DatasetItem, name: str, height: int, width: int) -> dict[str, object]:
    return {
        "id": item.item_id,
        "file_name": name,
        "height": height,
        "width": width,
        "label": item.label.value,
        "kind": item.kind,
        "split": item.split,
        "group": item.group,
    }


def _annotations(image_id: int, mask: NDArray[Any], already: int) -> list[dict[str, object]]:
    return [
        _annotation(already + place, image_id, int(kind), mask == kind)
        for place, kind in enumerate(np.unique(mask[mask > 0]), 1)
    ]


def _annotation(number: int, image_id: int, kind: int, marked: NDArray[np.bool_]) -> dict[str, object]:
    rows, columns = (np.flatnonzero(marked.any(axis=axis)) for axis in (1, 0))
    left, top = int(columns[0]), int(rows[0])
    return {
        "id": number,
        "image_id": image_id,
        "category_id": kind,
        "iscrowd": 0,
        "area": int(marked.sum()),
        "bbox": [left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top],
        "segmentation": {"size": list(marked.shape), "counts": run_lengths(marked)},
    }


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_through(path, content)
