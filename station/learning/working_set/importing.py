"""Imports folders and single files into a working set: each picture once, as it came, with what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from station.camera.pictures.reading import page_content
from station.domain.dataset import DEFECT_KIND, Added, ItemSource, Label, checked_kind
from station.domain.errors import BadInputError
from station.domain.formatting import counted, one_or_many
from station.domain.names import few_of, readable
from station.learning.ahead import Background
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.masks import read_mask
from station.learning.progress import OnProgress, no_progress, with_progress, with_progress_of
from station.learning.working_set.arriving import Arrivals, Kept, keep_picture
from station.learning.working_set.item_files import ItemFiles
from station.learning.working_set.repeated import Repeated
from station.storage.learning.dataset_items import DatasetItems, NewItem, WantedSplit
from station.storage.learning.defect_kinds import DefectKinds

_AT_ONCE = 4
_NAMED_AT_MOST = 5
_LONGEST_KIND = 40


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is imported, and by whom.

    Attributes:
        product, view: Whose working set.
        assumed: The label of pictures of which nothing says what they are.
        person: Who imports.
        at: When.
    """

    product: str
    view: str
    assumed: Label
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class _Arrived:
    """A picture that is kept, with its label."""

    kept: Kept
    picture: LabelledPicture
    label: Label
    kind: str
    mask_sha256: str
    wanted: WantedSplit


def read_paths(paths: Sequence[Path]) -> tuple[Reading, ...]:
    """Return what folders and files are taken for: a reading for each folder, and for the files of each folder.

    Raises:
        BadInputError: One does not exist or holds no picture, or it cannot be known what some pictures are.
    """
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    missing = next((path for path in files if not path.exists()), None)
    if missing is not None:
        raise BadInputError(f"There is no {readable(str(missing))}.", "Check the path.")
    parents = dict.fromkeys(path.parent for path in files)
    wanted = {parent: {path for path in files if path.parent == parent} for parent in parents}
    return (
        *(read_layout(folder) for folder in dict.fromkeys(folders)),
        *(_read_files(parent, only) for parent, only in wanted.items()),
    )


def notes_on(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return what folders and files are taken for, and what is left out and why, a sentence each."""
    return tuple(
        f"{reading.folder.name}: {sentence}" if len(readings) > 1 else sentence
        for reading in readings
        for sentence in _sentences(reading)
    )


def all_assumed(reading: Reading) -> bool:
    """Return whether nothing says what any of these pictures is."""
    return reading.assumed == len(reading.pictures)


class Importer:
    """Imports into the working sets of one product."""

    def __init__(self, items: DatasetItems, kinds: DefectKinds, files: ItemFiles) -> None:
        self._items = items
        self._kinds = kinds
        self._files = files

    def import_readings(
        self, readings: Sequence[Reading], request: ImportRequest, on_progress: OnProgress = no_progress
    ) -> Added:
        """Add the pictures of folders to a working set; what it has already is not added twice.

        A picture that cannot be read, and one whose mask cannot be used, is left out and named; all others come in.

        Raises:
            BadInputError: None of the pictures can be used.
            StorageError: The disk refused. What came in so far is in; importing again adds the rest.
        """
        wanted = [(reading, picture) for reading in readings for picture in reading.pictures]
        with Background(_AT_ONCE) as background:
            begun = background.each(partial(self._keep_if_sound, request=request), wanted)
            results = list(with_progress_of(begun, len(wanted), "Reading pictures", on_progress))
        arrived = [each for each in results if isinstance(each, _Arrived)]
        broken = [each.sentence for each in results if isinstance(each, BadInputError)]
        if not arrived:
            raise BadInputError(f"No picture can be used: {few_of(broken, _NAMED_AT_MOST)}")
        repeated = Repeated(self._items, request.person, request.at)
        added = tuple(self._record(arrived, request, repeated, on_progress))
        notes = (*notes_on(readings), *(f"left out: {sentence}" for sentence in broken), *repeated.notes)
        return Added(added, len(arrived) - len(added), notes)

    def _record(
        self, arrived: Sequence[_Arrived], request: ImportRequest, repeated: Repeated, on_progress: OnProgress
    ) -> Iterator[int]:
        """Yield the numbers of the pictures that were not there before."""
        arrivals = Arrivals(self._items, self._files, request.product, request.view)
        arrivals.expect([each.kept for each in arrived])
        for each in with_progress(arrived, "Adding pictures", on_progress):
            item_id = arrivals.add(each.kept, partial(_item, arrived=each, request=request))
            if item_id is None:
                repeated.settle(_item(each.kept, "", each, request))
            else:
                repeated.note_added(item_id)
                yield item_id

    def _keep_if_sound(
        self, wanted: tuple[Reading, LabelledPicture], request: ImportRequest
    ) -> _Arrived | BadInputError:
        reading, picture = wanted
        try:
            return self._keep(reading, picture, request)
        except BadInputError as error:
            return error

    def _keep(self, reading: Reading, picture: LabelledPicture, request: ImportRequest) -> _Arrived:
        label, kind = self._label_of(reading, picture, request)
        wanted: WantedSplit = picture.split if reading.has_split and picture.good else "any"
        content = page_content(picture.path, picture.page)
        kept = keep_picture(self._files, content, picture.path.suffix.lower(), str(picture.file))
        mask = self._keep_mask(picture, kept, kind) if picture.masks and label is Label.DEFECT else ""
        return _Arrived(kept, picture, label, kind, mask, wanted)

    def _label_of(self, reading: Reading, picture: LabelledPicture, request: ImportRequest) -> tuple[Label, str]:
        if picture.good:
            return request.assumed if all_assumed(reading) else Label.GOOD, ""
        return Label.DEFECT, self._kinds.require(request.product, _kind_of(picture.kind), request.at).name

    def _keep_mask(self, picture: LabelledPicture, kept: Kept, kind: str) -> str:
        """Keep what any of the masks marks, as the kind of the picture; "" if they mark nothing."""
        size = (kept.height, kept.width)
        marked = np.zeros(size, np.bool_)
        for mask in picture.masks:
            marked |= read_mask(mask, size).marked
        if not marked.any():
            return ""
        numbers = {each.name: each.number for each in self._kinds.of(self._files.folder.parent.name)}
        return self._files.keep_mask(marked.astype(np.uint8) * np.uint8(numbers[kind]))


def _read_files(parent: Path, only: set[Path]) -> Reading:
    reading = read_layout(parent, only)
    used = {picture.path for picture in reading.pictures} | {
        mask for picture in reading.pictures for mask in picture.masks
    }
    rest = sorted(path.name for path in only if path not in used and path.resolve() not in used)
    if not rest:
        return reading
    return replace(reading, notes=(*reading.notes, f"left out, not pictures of parts: {few_of(rest, _NAMED_AT_MOST)}"))


def _sentences(reading: Reading) -> list[str]:
    if all_assumed(reading):
        places = [
            f"{counted(group.count, 'picture')} from {group.place or 'the folder itself'}" for group in reading.groups
        ]
        return [*places, "nothing says what they are", *reading.notes]
    lines = [group.sentence() for group in reading.groups]
    if reading.assumed:
        are = one_or_many(reading.assumed, "is: it is", "are: they are")
        lines.append(f"nothing says what {reading.assumed} of them {are} taken as good")
    return [*lines, *reading.notes]


def _item(kept: Kept, signature: str, arrived: _Arrived, request: ImportRequest) -> NewItem:
    picture = arrived.picture
    return NewItem(
        request.product,
        request.view,
        kept.sha256,
        kept.ending,
        readable(picture.file.named(picture.path.name)),
        ItemSource.IMPORT,
        readable(str(picture.path)),
        kept.size,
        signature,
        request.at,
        request.person,
        wanted_split=arrived.wanted,
        label=arrived.label,
        kind=arrived.kind,
        mask_sha256=arrived.mask_sha256,
    )


def _kind_of(name: str) -> str:
    """Return the folder's name as that of a kind, shortened and cleaned if it has to be."""
    try:
        return checked_kind(name[:_LONGEST_KIND])
    except BadInputError:
        return DEFECT_KIND
