"""Dataset versions: labelled pictures, copied into the workspace and frozen under a hash of their content."""

import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from station.camera.pictures.reading import decode_picture, page_content
from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.recipe import checked_name
from station.learning.ahead import Background
from station.learning.labels import Split
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.mask_places import is_few_valued
from station.learning.layout.reading import read_layout
from station.learning.leftovers import remove_leftovers
from station.learning.manifest import MANIFEST, Entry, Manifest, read_manifest
from station.learning.masks import read_mask
from station.learning.progress import OnProgress, no_progress, with_progress_of
from station.learning.repeats import keep_looks
from station.learning.seen import Seen, keep_seen
from station.learning.spread import spread_out
from station.storage.pictures.encoding import encode_original
from station.vision.likeness import Look, look_of
from station.workspace import sync_folder, write_atomically, write_through

FEWEST_GOOD_PARTS = 5
MOST_GOOD_PARTS = 2000
"""More pictures add nothing, and the cells of all of them have to fit into memory: 0.4 MB each."""
_NAMED_AT_MOST = 5
_AT_ONCE = 4
"""Pictures that are copied at a time: the disk takes longer to keep one than a core to decode it."""


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """A frozen set of labelled pictures.

    Attributes:
        product: The type of part.
        version: Hash of the content; the same pictures with the same labels have the same version.
        folder: Its folder, in MVTec layout with `manifest.json`.
        pictures: All of it, sorted by name.
    """

    product: str
    version: str
    folder: Path
    pictures: tuple[LabelledPicture, ...]

    def pictures_of(self, split: Split) -> tuple[LabelledPicture, ...]:
        """Return the pictures of one split."""
        return tuple(picture for picture in self.pictures if picture.split == split)


def import_folder(
    folder: Path | Reading, product: str, datasets: Path, on_progress: OnProgress = no_progress
) -> DatasetVersion:
    """Copy the labelled pictures of a folder into `datasets/<product>/<version>`.

    Every picture and mask is decoded during the import, so a frozen version holds no broken one. Importing the same
    pictures again returns the existing version. After an error nothing is left behind.

    Raises:
        BadInputError: If the folder or the name cannot be used, pictures are broken (the first few are named), a mask
            does not fit its picture, a picture of a good part is black-and-white only, as masks are, or a picture
            has two labels.
    """
    pictures = (folder if isinstance(folder, Reading) else read_layout(folder)).pictures
    home = datasets / checked_name(product, "product")
    home.mkdir(parents=True, exist_ok=True)
    remove_leftovers(home, ".importing-*")
    with tempfile.TemporaryDirectory(prefix=".importing-", dir=home) as temporary:
        copy = Path(temporary) / "copy"
        copied = _copy_all(pictures, copy, on_progress)
        entries, looks = tuple(each.entry for each in copied), [each.look for each in copied]
        _require_one_label(pictures, looks)
        version = _content_hash(entries)
        if not (home / version / MANIFEST).is_file():
            keep_looks(copy, looks)
            keep_seen(copy, {each.entry.name: each.seen for each in copied})
            _freeze(copy, home / version, Manifest(product=product, version=version, pictures=entries))
    return load_dataset(home / version)


def load_dataset(folder: Path) -> DatasetVersion:
    """Return the dataset version in `folder`.

    Raises:
        BadInputError: If there is none, or its manifest is damaged.
    """
    manifest = read_manifest(folder)
    pictures = tuple(_as_labelled(folder, entry) for entry in manifest.pictures)
    return DatasetVersion(manifest.product, manifest.version, folder, pictures)


def good_parts(dataset: DatasetVersion, left_out: Collection[str] = ()) -> tuple[LabelledPicture, ...]:
    """Return the good pictures to learn from; at most `MOST_GOOD_PARTS`, spread evenly over all of them.

    Args:
        dataset: The dataset version.
        left_out: Names of pictures that are not learned.

    Raises:
        BadInputError: If there are fewer than `FEWEST_GOOD_PARTS`.
    """
    spread = spread_out(dataset.pictures_of("train"), MOST_GOOD_PARTS)
    pictures = tuple(picture for picture in spread if picture.name not in left_out)
    if len(pictures) < FEWEST_GOOD_PARTS:
        raise BadInputError(
            f"{counted(len(pictures), 'picture')} of good parts are too few to teach '{dataset.product}'.",
            f"Give at least {FEWEST_GOOD_PARTS}; 20 give a usable limit, 100 a good one.",
        )
    return pictures


def require_unchanged(dataset: DatasetVersion) -> None:
    """Compare every file with its hash in the manifest.

    Raises:
        BadInputError: If a file is missing or differs from the imported one.
    """
    manifest = read_manifest(dataset.folder)
    for entry, picture in zip(manifest.pictures, dataset.pictures, strict=True):
        mask = next(iter(picture.masks), None)
        for path, sha256 in ((picture.path, entry.sha256), (mask, entry.mask_sha256)):
            if path is not None and (not path.is_file() or sha256_hex(path.read_bytes()) != sha256):
                raise BadInputError(f"{path} has changed since it was imported.", "Import the pictures again.")


def _as_labelled(folder: Path, entry: Entry) -> LabelledPicture:
    picture = LabelledPicture(entry.name, entry.split, entry.kind, folder / entry.name)
    if entry.mask_sha256 is None:
        return picture
    return LabelledPicture(entry.name, entry.split, entry.kind, picture.path, (folder / picture.mask_name,))


def _require_one_label(pictures: Sequence[LabelledPicture], looks: Sequence[Look]) -> None:
    """Raise `BadInputError` if one picture is among the good parts and among the defects, under any two names."""
    seen: dict[bytes, LabelledPicture] = {}
    for picture, look in zip(pictures, looks, strict=True):
        first = seen.setdefault(look.tobytes(), picture)
        if first.good is not picture.good:
            raise _two_labels(first, picture)


def _two_labels(first: LabelledPicture, second: LabelledPicture) -> BadInputError:
    good, defect = (first, second) if first.good else (second, first)
    if defect.part:
        return BadInputError(
            f"{defect.part.capitalize()} was called a {defect.kind}, and its picture is among the good parts as "
            f"{good.file}.",
            "If the part is good, say so of this part (Good part, Ctrl+G): the last word counts. If it is not, remove "
            "the picture from the folder. Nothing was imported.",
        )
    return BadInputError(
        f"{first.name} and {second.name} are the same picture, and have two labels.",
        "Remove it where it does not belong; nothing was imported.",
    )


@dataclass(frozen=True, slots=True)
class _Copied:
    """A picture that was copied, and what was seen of it."""

    entry: Entry
    look: Look
    seen: Seen


def _copy_all(pictures: tuple[LabelledPicture, ...], copy: Path, on_progress: OnProgress) -> list[_Copied]:
    """Copy every picture, with its masks."""
    with Background(_AT_ONCE) as background:
        begun = background.each(partial(_copy_if_sound, copy=copy), pictures)
        results = list(with_progress_of(begun, len(pictures), "Importing pictures", on_progress))
    broken = [result.sentence for result in results if isinstance(result, BadInputError)]
    if broken:
        raise BadInputError(_in_one_sentence(broken, len(pictures)), "Repair or remove them; nothing was imported.")
    return [result for result in results if isinstance(result, _Copied)]


def _copy_if_sound(picture: LabelledPicture, copy: Path) -> _Copied | BadInputError:
    try:
        return _copy_one(picture, copy)
    except BadInputError as error:
        return error


def _copy_one(picture: LabelledPicture, copy: Path) -> _Copied:
    content = page_content(picture.path, picture.page)
    read = decode_picture(content, str(picture.file))
    if picture.good and is_few_valued(read.image):
        raise BadInputError(f"{picture.file} has hardly any grey values, as masks have; it cannot be a good part.")
    sha256 = _write_file(content, copy / picture.name)
    mask_sha256 = _copy_masks(picture, read.image.shape[:2], copy / picture.mask_name) if picture.masks else None
    entry = Entry(name=picture.name, split=picture.split, kind=picture.kind, sha256=sha256, mask_sha256=mask_sha256)
    return _Copied(entry, look_of(read.image), Seen.of(read))


def _copy_masks(picture: LabelledPicture, size: tuple[int, int], target: Path) -> str:
    """Copy one mask as it is; keep several as one picture that marks what any of them marks.

    Raises:
        BadInputError: A mask cannot be read, does not fit, or is the picture itself.
    """
    marked = np.zeros(size, np.bool_)
    for mask in picture.masks:
        if mask.read_bytes() == picture.path.read_bytes():
            raise BadInputError(
                f"{mask} is the same file as its picture {picture.path}.", "Put the mask there, or remove it."
            )
        marked |= read_mask(mask, size).marked
    if len(picture.masks) == 1:
        return _write_file(picture.masks[0].read_bytes(), target)
    return _write_file(encode_original(marked.astype(np.uint8) * 255), target)


def _write_file(content: bytes, target: Path) -> str:
    """Write the file durably and return the SHA-256 of its bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_through(target, content)
    return sha256_hex(content)


def _freeze(copy: Path, home: Path, manifest: Manifest) -> None:
    write_atomically(copy / MANIFEST, manifest.model_dump_json(indent=1).encode())
    copy.rename(home)
    sync_folder(home.parent)


def _in_one_sentence(broken: list[str], total: int) -> str:
    if len(broken) == 1:
        return broken[0]
    more = f"; and {len(broken) - _NAMED_AT_MOST} more" if len(broken) > _NAMED_AT_MOST else ""
    named = "; ".join(sentence.rstrip(".") for sentence in broken[:_NAMED_AT_MOST])
    return f"{len(broken)} of {total} pictures cannot be used: {named}{more}."


def _content_hash(entries: Iterable[Entry]) -> str:
    lines = sorted(f"{entry.name}\0{entry.sha256}\0{entry.mask_sha256 or ''}" for entry in entries)
    return sha256_hex("\n".join(lines).encode())[:16]
