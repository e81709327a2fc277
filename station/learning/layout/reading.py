"""Reads what a folder of pictures is: what each subfolder holds, or a refusal that names what cannot be known.

The rules and their reasons: docs/decisions/0014-what-a-folder-is-taken-for.md.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.names import few_of
from station.learning.labels import GOOD, Split
from station.learning.layout.annotations import require_nothing_marked
from station.learning.layout.labelled import Group, Reading
from station.learning.layout.mask_places import Sorted, marks_nothing, match, sort_by_name
from station.learning.layout.naming import named_in_layout
from station.learning.layout.open_names import require_no_open_files, require_no_open_folders
from station.learning.layout.places import Place, Places
from station.learning.layout.published import Published, read_published
from station.learning.layout.recordings import apart
from station.learning.layout.tables import tables_beside
from station.learning.layout.tree import File, Tree, read_tree
from station.learning.layout.words import Label, sense_of_stem

SORTING = (
    "Sort the pictures into folders OK and NG, or into train/good, test/good and test/<kind of defect>, with masks in "
    "ground_truth/<kind of defect>."
)
_NAMED_AT_MOST = 5
_SUBFOLDERS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A picture with what was found out about it."""

    file: File
    place: Place
    masks: tuple[Path, ...] = ()


def read_layout(folder: Path, only: Collection[Path] | None = None) -> Reading:
    """Return every picture of `folder` with its label, and what each subfolder was taken for.

    Folder names say what the pictures are, in the words and languages of the trade, at any level and in any case. A
    folder without such names is taken as pictures of good parts.

    Args:
        folder: The folder.
        only: The files in it that are wanted; None for all.

    Raises:
        BadInputError: The folder does not exist or holds no picture, or it cannot be known what some pictures are; the
            sentence names the first of them.
    """
    tree = read_tree(folder, only)
    published = read_published(tree.folder) if only is None else None
    if published is not None:
        return _published_reading(tree, published)
    files, recordings = apart(tree.files)
    places = Places([file.folders for file in files])
    require_no_open_folders(tree, places, SORTING)
    sorted_files = sort_by_name(files, {file.path for file in files if places.of(file.folders).label is Label.MASK})
    judged = [Judged(file, places.of(file.folders)) for file in sorted_files.pictures]
    _require_no_trouble(tree, judged)
    _require_one_product(tree, judged)
    judged = _with_masks(tree, judged, sorted_files)
    doubtful = [one for one in judged if one.place.label is Label.DOUBT]
    labelled = [one for one in judged if one.place.label in (Label.GOOD, Label.DEFECT)]
    unlabelled = [one for one in judged if one.place.label is None]
    _require_masks_mark_defects(labelled)
    labelled, unlabelled = _labelled_by_masks(labelled, unlabelled)
    labelled, unlabelled, unsure = _labelled_by_names(tree, labelled, unlabelled)
    used, left_out = _with_the_unlabelled(tree, places, labelled, unlabelled)
    assumed = {one.file for one in used} - {one.file for one in labelled}
    require_no_open_files([one.file for one in used if one.file in assumed], SORTING)
    if assumed:
        require_nothing_marked((*tree.texts, *tables_beside(tree.folder)), {file.path for file in assumed}, SORTING)
    notes = [
        *tree.notes,
        *_named(tree, "without a label that is known", [one.file for one in left_out]),
        *_named(tree, "in folders or with names that say that it is not known what they are", [
            one.file for one in (*doubtful, *unsure)
        ]),
        *_named(tree, "made of other pictures by a program", sorted_files.outputs),
        *_named(tree, "other recordings of pictures beside them", recordings),
    ]  # fmt: skip
    return _reading(tree, used, notes, len(assumed))


def _reading(tree: Tree, used: Sequence[Judged], notes: Sequence[str], assumed: int) -> Reading:
    if not used:
        raise BadInputError(f"It is not known of any picture in {tree.folder} what it is. {' '.join(notes)}", SORTING)
    pictures = named_in_layout([(one.file, one.place, one.masks) for one in used])
    has_split = any(one.place.split == "test" for one in used)
    return Reading(tree.folder, pictures, _groups(tree, used), tuple(notes), has_split, assumed)


def _published_reading(tree: Tree, published: Published) -> Reading:
    of_path = {file.path.resolve(): file for file in tree.files}
    used = []
    for listed in published.pictures:
        file = of_path.get(listed.path.resolve()) or File(listed.path, (*tree.prefix,))
        label = Label.DEFECT if listed.kind else Label.GOOD
        place = Place(label, listed.split, listed.kind, len(file.folders))
        used.append(Judged(file, place, (listed.mask,) if listed.mask else ()))
    known = {one.file.path for one in used} | {mask for one in used for mask in one.masks}
    rest = [file for path, file in of_path.items() if path not in {each.resolve() for each in known}]
    notes = [
        f"labels and splits are those of {published.source}",
        *_named(tree, "not in that list", rest),
    ]
    return _reading(tree, used, notes, 0)


def _require_no_trouble(tree: Tree, judged: Iterable[Judged]) -> None:
    for one in judged:
        if one.place.trouble:
            raise BadInputError(f"In {tree.folder}: {one.place.trouble}", SORTING)
        said = sense_of_stem(one.file.path.stem)
        if one.place.label is Label.GOOD and said.label is Label.DEFECT and said.generic:
            raise BadInputError(
                f"{one.file.path} has two labels: its folder says good and its own name says defective.",
                "Move it to the defects, or give it another name.",
            )


def _require_one_product(tree: Tree, judged: Iterable[Judged]) -> None:
    """Several folders with train and test of their own are several products, which are not taught as one."""
    roots = {one.file.folders[: min(one.place.deciding)] for one in judged if one.place.split and one.place.deciding}
    names = sorted({root[len(tree.prefix)] for root in roots if len(root) > len(tree.prefix)})
    if len(names) > 1:
        raise BadInputError(f"{tree.folder} holds several products: {', '.join(names)}.", "Give the folder of one.")


def _with_masks(tree: Tree, judged: Sequence[Judged], files: Sorted) -> list[Judged]:
    """Give each picture its masks.

    Raises:
        BadInputError: A mask belongs to no picture: a mistake in the names would be ignored in silence.
    """
    owned = [(one.file, one.place.label) for one in judged]
    found, unused = match(files.masks, owned)
    if unused:
        more = f", nor do {len(unused) - 1} more" if len(unused) > 1 else ""
        raise BadInputError(
            f"{unused[0]} belongs to no picture in {tree.folder}{more}: it is a mask by its name or place.",
            "Name it after its picture: test/<kind>/<stem>.png has ground_truth/<kind>/<stem>_mask.png.",
        )
    beside, _ = match(tree.outside, owned)
    pages = [one.file for one in judged if one.file.page and one.file.path in {**found, **beside}]
    if pages:
        raise BadInputError(
            f"{pages[0].path} holds several pictures and has one mask: it cannot be known which of them it marks.",
            "Save each page as a file of its own, with its own mask.",
        )
    return [replace(one, masks=(*found.get(one.file.path, ()), *beside.get(one.file.path, ()))) for one in judged]


def _require_masks_mark_defects(labelled: Sequence[Judged]) -> None:
    for one in labelled:
        if one.place.label is Label.GOOD and one.masks and not marks_nothing(one.masks):
            raise BadInputError(
                f"{one.masks[0]} marks a defect, but {one.file.path} lies among the good parts.",
                "Move the picture to the defects, or remove the mask.",
            )


def _labelled_by_masks(labelled: list[Judged], unlabelled: list[Judged]) -> tuple[list[Judged], list[Judged]]:
    """If every picture has a mask, as in the sets of Kolektor, an empty mask means a good part.

    Raises:
        BadInputError: Some have a mask and others have none, so that it is not known whether these are good.
    """
    marked = [one for one in unlabelled if one.masks]
    if not marked:
        return labelled, unlabelled
    if len(marked) < len(unlabelled):
        bare = next(one for one in unlabelled if not one.masks)
        raise BadInputError(
            f"{marked[0].masks[0]} marks a defect, but {bare.file.path} has neither mask nor label; it would be taken "
            "as good.",
            SORTING,
        )
    by_mask = [
        replace(one, place=replace(one.place, label=Label.GOOD), masks=())
        if marks_nothing(one.masks)
        else replace(one, place=replace(one.place, label=Label.DEFECT, kind="defect"))
        for one in marked
    ]
    return [*labelled, *by_mask], []


def _labelled_by_names(
    tree: Tree, labelled: list[Judged], unlabelled: list[Judged]
) -> tuple[list[Judged], list[Judged], list[Judged]]:
    """Take the labels of "ok_001.png" and "NG_3.png"; return the labelled, the unlabelled and the doubtful ones.

    Raises:
        BadInputError: Some names say that a part is defective, and others say nothing.
    """
    said = [(one, sense_of_stem(one.file.path.stem).label) for one in unlabelled]
    unsure = [one for one, label in said if label is Label.DOUBT]
    defects = [one for one, label in said if label is Label.DEFECT]
    silent = [one for one, label in said if label is None]
    if not defects:
        return labelled, [one for one, label in said if label is not Label.DOUBT], unsure
    if silent:
        raise BadInputError(
            f"The name of {defects[0].file.path} says that it is a defect, and the name of {silent[0].file.path} says "
            "nothing: it cannot be known whether that is a good part.",
            SORTING,
        )
    by_name = [
        replace(one, place=replace(one.place, label=label, kind="defect" if label is Label.DEFECT else ""))
        for one, label in said
        if label in (Label.GOOD, Label.DEFECT)
    ]
    return [*labelled, *by_name], [], unsure


def _with_the_unlabelled(
    tree: Tree, places: Places, labelled: list[Judged], unlabelled: list[Judged]
) -> tuple[list[Judged], list[Judged]]:
    """Return the pictures that are used, and those that are left out because nothing says what they are.

    Without any label, all are taken as good. Beside labels, only those of a `train` without labels are.

    Raises:
        BadInputError: A folder without a label lies beside folders with labels.
    """
    learned = [one for one in unlabelled if one.place.split == "train"]
    tested = [one for one in unlabelled if one.place.split == "test"]
    plain = [one for one in unlabelled if one.place.split is None]
    train_is_sorted = any(one.place.split == "train" and one.place.label is Label.GOOD for one in labelled)
    used, left_out = list(labelled), []
    taken = [] if train_is_sorted else learned
    open_ones = [*(learned if train_is_sorted else []), *(plain if labelled or learned or tested else [])]
    if not (labelled or learned or tested):
        taken = plain
    for one in open_ones:
        if not places.above_labels(one.file.folders):
            raise _unknown_folder(tree, one)
        left_out.append(one)
    if tested and not (labelled or taken):
        taken = tested
    else:
        left_out += tested
    return [*used, *_as_good(taken)], left_out


def _as_good(taken: Sequence[Judged]) -> Iterator[Judged]:
    """Yield the pictures as good; their subfolders are said one by one, unless they are too many to be read."""
    few = len({one.file.folders for one in taken}) <= _SUBFOLDERS_AT_MOST
    for one in taken:
        depth = len(one.file.folders) if few else one.place.depth
        yield replace(one, place=replace(one.place, label=Label.GOOD, depth=depth))


def _unknown_folder(tree: Tree, one: Judged) -> BadInputError:
    return BadInputError(
        f"The folder {tree.place(one.file.folders)} lies beside folders whose names say good or defective, and its own "
        f"name says neither: it cannot be known whether {one.file.name} is a good part.",
        SORTING,
    )


def _groups(tree: Tree, used: Sequence[Judged]) -> tuple[Group, ...]:
    counts: Counter[tuple[str, str, Split]] = Counter()
    masks: dict[str, set[Path]] = {}
    for one in used:
        good = one.place.label is Label.GOOD
        split: Split = "train" if good and one.place.split != "test" else "test"
        depth = one.place.depth or len(tree.prefix) + 1
        place = "/".join(one.file.folders[len(tree.prefix) : max(depth, len(tree.prefix))])
        counts[place, GOOD if good else "defects", split] += 1
        for mask in one.masks:
            masks.setdefault(_mask_place(tree, mask), set()).add(mask)
    groups = [Group(place, what, count, split) for (place, what, split), count in sorted(counts.items())]
    return (*groups, *(Group(place, "masks", len(files), None) for place, files in sorted(masks.items())))


def _mask_place(tree: Tree, mask: Path) -> str:
    try:
        inside = mask.resolve().relative_to(tree.folder)
    except ValueError:
        return str(mask.parent)
    return "/".join(inside.parts[:-1][:2])


def _named(tree: Tree, why: str, files: Sequence[File]) -> Iterator[str]:
    if files:
        names = ["/".join((*file.folders[len(tree.prefix) :], file.name)) for file in files]
        yield f"{counted(len(files), 'picture')} left out, {why}: {few_of(names, _NAMED_AT_MOST)}"
