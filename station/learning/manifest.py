"""`manifest.json` of a dataset version. Reading it loads no other module that is slow to start."""

from collections import Counter
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.errors import BadInputError
from station.domain.synthetic import is_synthetic
from station.learning.labels import GOOD, Split

MANIFEST = "manifest.json"


class Entry(BaseModel):
    """One picture in the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    split: Split
    kind: str
    sha256: str
    mask_sha256: str | None = None


class Manifest(BaseModel):
    """The pictures of a dataset version with their labels and hashes, sorted by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    product: str
    version: str
    pictures: tuple[Entry, ...]

    @property
    def defect_kinds(self) -> tuple[str, ...]:
        """Return the kinds of real defects, the most frequent first; of the same number by name."""
        counted = Counter(each.kind for each in self.pictures if each.kind != GOOD and not is_synthetic(each.kind))
        return tuple(sorted(counted, key=lambda kind: (-counted[kind], kind)))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the dataset version in `folder`.

    Raises:
        BadInputError: If there is none, or it is damaged.
    """
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise BadInputError(f"The dataset version in {folder} is damaged.", "Import the pictures again.") from error
