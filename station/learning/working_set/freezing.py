"""Freezes the labelled items of a working set as a dataset version that never changes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from station.domain.dataset import DatasetItem, FrozenVersion, Label
from station.domain.errors import BadInputError, StorageError
from station.learning.datasets import import_folder
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.progress import OnProgress, no_progress
from station.learning.working_set.exporting import exported_folder, exported_name
from station.learning.working_set.working_sets import WorkingSets
from station.storage.learning.frozen_versions import FrozenVersions


class Freezer:
    """Freezes working sets."""

    def __init__(self, sets: WorkingSets, versions: FrozenVersions, datasets: Path) -> None:
        self._sets = sets
        self._versions = versions
        self._datasets = datasets

    def freeze(
        self, product: str, view: str, person: str, at: datetime, on_progress: OnProgress = no_progress
    ) -> FrozenVersion:
        """Return the version that holds the labelled items as they are now; the same items give the same version.

        Every file is compared with its hash before.

        Raises:
            BadInputError: Nothing is labelled, a file was changed, or one picture has two labels.
            StorageError: The disk refused.
        """
        items = [item for item in self._sets.items(product, view) if item.label is not Label.UNLABELLED]
        if not items:
            raise BadInputError(
                f"No picture of '{product}' is labelled, so there is nothing to freeze.",
                "Label the pictures as good or as defects first.",
            )
        self._sets.files_of(product).remove_leftovers()
        reading = Reading(self._datasets, self._pictures(product, items), has_split=True)
        version = import_folder(reading, product, self._datasets, on_progress).version
        good = [item for item in items if item.label is Label.GOOD]
        learned = sum(item.split == "train" for item in good)
        return self._versions.keep(
            FrozenVersion(product, view, version, len(good), len(items) - len(good), learned, at, person)
        )

    def _pictures(self, product: str, items: Sequence[DatasetItem]) -> tuple[LabelledPicture, ...]:
        files = self._sets.files_of(product)
        pictures = []
        for item in items:
            _, sha256, ending = self._sets.records.file_of(item.item_id)
            try:
                path = files.require_unchanged(sha256, ending)
            except StorageError as error:
                raise BadInputError(error.sentence, f"'{item.name}' was not frozen. {error.advice}") from error
            masks = (files.mask_path(item.mask_sha256),) if item.mask_sha256 else ()
            kind = GOOD if item.label is Label.GOOD else item.kind
            name = f"{item.split}/{exported_folder(item)}/{exported_name(item)}{ending}"
            pictures.append(LabelledPicture(name, item.split, kind, path, masks))
        return tuple(sorted(pictures, key=lambda picture: picture.name))
