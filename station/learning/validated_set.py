"""The labelled set of a validation: a frozen dataset version is compared with its list first."""

from pathlib import Path

from station.domain.digest import sha256_of_file
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.validation import FrozenSet
from station.learning.datasets import load_dataset, require_unchanged
from station.learning.layout.labelled import LabelledPicture
from station.learning.manifest import MANIFEST


def frozen_set_of(folder: Path) -> FrozenSet | None:
    """Return the frozen dataset version in a folder; None if it is another kind of folder.

    Raises:
        BadInputError: It is one, and a file of it is missing or was changed.
    """
    if not (folder / MANIFEST).is_file():
        return None
    dataset = load_dataset(folder)
    require_unchanged(dataset)
    return FrozenSet(dataset.product, dataset.version, sha256_of_file(folder / MANIFEST))


def sha256_of(picture: LabelledPicture) -> str:
    """Return the SHA-256 of the file of a picture.

    Raises:
        BadInputError: It cannot be read any more.
    """
    try:
        return sha256_of_file(picture.path)
    except OSError as error:
        raise BadInputError(f"{picture.path} cannot be read: {reason_of(error)}.", "Check the folder.") from error
